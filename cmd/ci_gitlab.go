package cmd

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/pkg/auth"
)

// gitlabRunner writes a dotenv file for artifacts:reports:dotenv, from which
// GitLab sets variables in the jobs of later stages. GitLab has no way to
// register a mask from within a job.
type gitlabRunner struct {
	app  *app
	file string // empty: the default
}

// gitlabReportSize is the maximum size of a dotenv report, in bytes, unless
// an administrator allows more.
const gitlabReportSize = 5 << 10

func (r gitlabRunner) quietStdout() bool { return true }

// path is in the project's directory by default, outside of which GitLab takes
// no artifacts.
func (r gitlabRunner) path() string {
	if r.file != "" {
		return r.file
	}
	return filepath.Join(r.app.getenv("CI_PROJECT_DIR"), "hauth.env")
}

// ready checks that the report can be written, as far as that is possible
// without leaving an empty file.
func (r gitlabRunner) ready(o ciOptions) error {
	if o.output != "" {
		return usage("use --env: its variable reaches the jobs of later stages", "GitLab has no step outputs")
	}
	if info, err := os.Stat(filepath.Dir(r.path())); err != nil || !info.IsDir() {
		return usage("name another with --file", "there is no directory for the dotenv file %s", auth.Printable(r.path()))
	}
	info, err := os.Lstat(r.path())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err == nil && !info.Mode().IsRegular():
		return usage("name another with --file", "%s is not a regular file", auth.Printable(r.path()))
	}
	f, err := os.OpenFile(r.path(), os.O_RDWR|os.O_APPEND, 0)
	if err != nil {
		return r.failed(err)
	}
	return f.Close()
}

func (r gitlabRunner) failed(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return &auth.Error{Kind: auth.Internal, Fact: "cannot write the dotenv file " + auth.Printable(r.path()), Err: err}
}

// export appends to the file: of several lines for a variable GitLab uses the
// last. A value is written as it is, since GitLab keeps quotes; tokens contain
// nothing that a report does not allow.
func (r gitlabRunner) export(e exported) error {
	var lines strings.Builder
	for _, v := range e.env {
		if strings.ContainsAny(v[1], "\r\n") {
			return &auth.Error{Kind: auth.Internal, Fact: "the value contains a line break"}
		}
		fmt.Fprintf(&lines, "%s=%s\n", v[0], v[1])
	}
	size, err := r.append(lines.String())
	if err != nil {
		return err
	}
	r.app.notice("", fmt.Sprintf("GitLab cannot mask the token in %s: whoever can read the logs or the artifacts of this pipeline's jobs may see it", r.path()))
	if size > gitlabReportSize {
		r.app.notice("", fmt.Sprintf("%s has %d bytes; GitLab takes reports of 5 KB unless an administrator allows more", r.path(), size))
	}
	return nil
}

func (r gitlabRunner) append(text string) (size int64, err error) {
	f, err := disk.OpenPrivate(r.path(), os.O_RDWR|os.O_APPEND)
	if err != nil {
		return 0, r.failed(err)
	}
	info, err := f.Stat()
	if err == nil && info.Size() > 0 {
		last := make([]byte, 1)
		if _, err = f.ReadAt(last, info.Size()-1); last[0] != '\n' {
			text = "\n" + text
		}
	}
	if err == nil {
		_, err = f.WriteString(text)
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return 0, r.failed(err)
	}
	return info.Size() + int64(len(text)), nil
}
