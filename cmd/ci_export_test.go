package cmd

import (
	"bytes"
	"encoding/base64"
	"errors"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/hauth/hauth/internal/mockvendor"
)

// ciJob is a step of a CI job whose credentials are in its environment, and
// the runner that reads what the step leaves.
type ciJob struct {
	t       *testing.T
	mock    *mockvendor.Server
	environ []string
	dir     string
}

func newCIJob(t *testing.T, provider string) *ciJob {
	t.Helper()
	j := &ciJob{t: t, mock: mockvendor.New(mockvendor.Options{}), dir: t.TempDir()}
	server := httptest.NewServer(j.mock)
	t.Cleanup(server.Close)
	j.environ = []string{"HOME=" + j.dir, "APPDATA=" + j.dir, "LOCALAPPDATA=" + j.dir, "CI=true", "RUNNER_TEMP=" + j.dir}
	for _, v := range j.mock.Vendors(server.URL) {
		if v.Provider == provider {
			j.environ = append(j.environ, describeMock(v).Env...)
		}
	}
	return j
}

// file makes one of the runner's files, with what earlier steps left in it.
func (j *ciJob) file(variable string) string {
	path := filepath.Join(j.dir, variable)
	if err := os.WriteFile(path, []byte("BEFORE=1\n"), 0o600); err != nil {
		j.t.Fatal(err)
	}
	j.environ = append(j.environ, variable+"="+path)
	return path
}

func (j *ciJob) run(exit int, args ...string) (stdout, stderr string) {
	j.t.Helper()
	var out, errs bytes.Buffer
	got := Main(j.t.Context(), Env{Args: append([]string{"ci", "export"}, args...), Environ: j.environ, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs})
	if got != exit {
		j.t.Fatalf("hauth ci export %v ended with %d, want %d\n%s", args, got, exit, errs.String())
	}
	return out.String(), errs.String()
}

func (j *ciJob) token(provider string) string {
	j.t.Helper()
	var out bytes.Buffer
	if code := Main(j.t.Context(), Env{Args: []string{"token", provider}, Environ: j.environ, Stdout: &out, Stderr: &out}); code != 0 {
		j.t.Fatal(out.String())
	}
	return strings.TrimSpace(out.String())
}

// readRunnerFile reads variables as GitHub's runner does: NAME=VALUE, or
// NAME<<DELIMITER and lines up to the delimiter.
func readRunnerFile(t *testing.T, path string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	vars := map[string]string{}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		if name, delimiter, ok := strings.Cut(lines[i], "<<"); ok {
			var value []string
			for i++; lines[i] != delimiter; i++ {
				value = append(value, lines[i])
			}
			vars[name] = strings.Join(value, "\n")
			continue
		}
		name, value, ok := strings.Cut(lines[i], "=")
		if !ok {
			t.Fatalf("the runner cannot read %q", lines[i])
		}
		vars[name] = value
	}
	return vars
}

func TestCIExportGitHub(t *testing.T) {
	j := newCIJob(t, "123pan")
	env, output := j.file("GITHUB_ENV"), j.file("GITHUB_OUTPUT")
	stdout, stderr := j.run(0, "123pan", "-q")
	token := j.token("123pan")
	if stdout != "" {
		t.Errorf("stdout: %q", stdout)
	}
	if want := "::add-mask::" + token + "\n::add-mask::Bearer " + token + "\n"; !strings.HasPrefix(stderr, want) {
		t.Errorf("stderr:\n%swant\n%s", stderr, want)
	}
	masksAll(t, token, "::add-mask::", stderr)
	vars := readRunnerFile(t, env)
	if vars["BEFORE"] != "1" || vars["HAUTH_123PAN_TOKEN"] != token || vars["HAUTH_123PAN_EXPIRES_AT"] == "" || len(vars) != 3 {
		t.Errorf("the next step sees %v", vars)
	}
	if vars := readRunnerFile(t, output); len(vars) != 1 {
		t.Errorf("outputs: %v", vars)
	}
	j.run(0, "123pan", "--env", "PAN", "--output", "pan-token")
	if vars := readRunnerFile(t, env); vars["PAN"] != token {
		t.Errorf("--env: %v", vars)
	}
	if vars := readRunnerFile(t, output); vars["pan-token"] != token {
		t.Errorf("--output: %v", vars)
	}
	if n := j.mock.Tokens("123pan"); n != 1 {
		t.Errorf("%d requests: the steps of a job share one token", n)
	}
}

func TestCIExportAzure(t *testing.T) {
	j := newCIJob(t, "wahool")
	j.environ = append(j.environ, "TF_BUILD=True")
	stdout, stderr := j.run(0, "wahool", "--env", "SHOP", "--output", "shop")
	token := j.token("wahool")
	if want := "##vso[task.setsecret]" + token + "\n##vso[task.setsecret]Bearer " + token + "\n"; !strings.HasPrefix(stderr, want) {
		t.Errorf("stderr:\n%swant\n%s", stderr, want)
	}
	masksAll(t, token, "##vso[task.setsecret]", stderr)
	if want := "##vso[task.setvariable variable=SHOP;issecret=true]" + token + "\n##vso[task.setvariable variable=shop;issecret=true;isoutput=true]" + token + "\n"; stdout != want {
		t.Errorf("stdout:\n%swant\n%s", stdout, want)
	}
}

// TestCIExportAzureExpiry: only what is secret is a secret variable, which a
// step must map into its environment.
func TestCIExportAzureExpiry(t *testing.T) {
	j := newCIJob(t, "wahool")
	j.environ = append(j.environ, "TF_BUILD=True")
	stdout, _ := j.run(0, "wahool")
	if !strings.Contains(stdout, "variable=HAUTH_WAHOOL_TOKEN;issecret=true]") || !strings.Contains(stdout, "variable=HAUTH_WAHOOL_EXPIRES_AT]20") {
		t.Errorf("stdout:\n%s", stdout)
	}
}

// masksAll reports whether every form of the token is registered, each on
// its own line.
func masksAll(t *testing.T, token, command, lines string) {
	t.Helper()
	for _, form := range []string{
		base64.StdEncoding.EncodeToString([]byte(token))[:8], url.QueryEscape(token), url.QueryEscape(url.QueryEscape(token)), url.PathEscape(token),
	} {
		if !strings.Contains(lines, command+githubEscape(form)) && !strings.Contains(lines, command+azureEscape(form)) {
			t.Errorf("no mask for %s in\n%s", form, lines)
		}
	}
	for line := range strings.Lines(lines) {
		if !strings.HasPrefix(line, command) || len(line) < len(command)+8 {
			t.Errorf("%q is not a mask", line)
		}
	}
}

// TestCIExportMasksEscapes: Hitem3D's tokens contain characters that URLs
// escape.
func TestCIExportMasksEscapes(t *testing.T) {
	j := newCIJob(t, "hitem3d")
	j.file("GITHUB_ENV")
	_, stderr := j.run(0, "hitem3d", "-q")
	token := j.token("hitem3d")
	if url.QueryEscape(token) == token {
		t.Fatalf("%s has nothing to escape", token)
	}
	masksAll(t, token, "::add-mask::", stderr)
}

// gitlab makes the job a GitLab job.
func (j *ciJob) gitlab() {
	j.environ = append(j.environ, "GITLAB_CI=true", "CI_PROJECT_DIR="+j.dir)
}

func TestCIExportGitLab(t *testing.T) {
	j := newCIJob(t, "123pan")
	j.gitlab()
	report := filepath.Join(j.dir, "hauth.env")
	stdout, stderr := j.run(0, "123pan")
	token := j.token("123pan")
	if want := "hauth: GitLab cannot mask the token in " + report + ": whoever can read the logs or the artifacts of this pipeline's jobs may see it\n"; stdout != "" || stderr != want {
		t.Errorf("stdout %q, stderr %q, want %q", stdout, stderr, want)
	}
	info, err := os.Stat(report)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 { // Windows has no modes
		t.Fatalf("%v, %v", info, err)
	}
	if vars := readDotenv(t, report); len(vars) != 2 || vars["HAUTH_123PAN_TOKEN"] != token || vars["HAUTH_123PAN_EXPIRES_AT"] == "" {
		t.Errorf("the next job sees %v", vars)
	}

	// Several exports share a report, also one that lacks its last line break.
	other := filepath.Join(j.dir, "build.env")
	if err := os.WriteFile(other, []byte("BEFORE=1"), 0o644); err != nil {
		t.Fatal(err)
	}
	j.run(0, "123pan", "--env", "PAN", "--file", other, "-q")
	j.run(0, "123pan", "--env", "PAN2", "--file", other, "-q")
	if vars := readDotenv(t, other); len(vars) != 3 || vars["BEFORE"] != "1" || vars["PAN"] != token || vars["PAN2"] != token {
		t.Errorf("the next job sees %v", vars)
	}
	if n := j.mock.Tokens("123pan"); n != 1 {
		t.Errorf("%d requests", n)
	}

	// --json says what was written, and a notice that the report is too
	// large.
	if err := os.WriteFile(other, []byte("A="+strings.Repeat("x", 5<<10)+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	stdout, stderr = j.run(0, "123pan", "--env", "PAN", "--file", other, "--json")
	if !strings.Contains(stdout, `"env":["PAN"]`) || strings.Contains(stdout, token) || !strings.Contains(stderr, "GitLab takes reports of 5 KB") {
		t.Errorf("stdout %q, stderr %q", stdout, stderr)
	}
}

// readDotenv reads a dotenv report as GitLab does: NAME=VALUE in each line, no
// blank line and no comment.
func readDotenv(t *testing.T, path string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	vars := map[string]string{}
	for _, line := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n") {
		name, value, ok := strings.Cut(line, "=")
		if !ok || !validEnvName(name) {
			t.Fatalf("GitLab cannot read %q", line)
		}
		vars[name] = value
	}
	return vars
}

// TestCIExportRefuses: no token is fetched for a runner that cannot receive
// it.
func TestCIExportRefuses(t *testing.T) {
	type refused struct {
		prepare func(*ciJob)
		args    []string
	}
	cases := map[string]refused{
		"no runner":             {args: []string{"123pan"}},
		"a file not there":      {prepare: func(j *ciJob) { j.environ = append(j.environ, "GITHUB_ENV="+filepath.Join(j.dir, "none")) }, args: []string{"123pan"}},
		"a directory":           {prepare: func(j *ciJob) { j.environ = append(j.environ, "GITHUB_ENV="+j.dir) }, args: []string{"123pan"}},
		"a name that steers":    {prepare: func(j *ciJob) { j.file("GITHUB_ENV") }, args: []string{"123pan", "--env", "NODE_OPTIONS"}},
		"a name with a line":    {prepare: func(j *ciJob) { j.file("GITHUB_ENV") }, args: []string{"123pan", "--env", "A\nB"}},
		"no outputs file":       {prepare: func(j *ciJob) { j.file("GITHUB_ENV") }, args: []string{"123pan", "--output", "x"}},
		"a name of no output":   {prepare: func(j *ciJob) { j.file("GITHUB_OUTPUT") }, args: []string{"123pan", "--output", "x y"}},
		"a format of no runner": {args: []string{"123pan", "--format", "jenkins"}},
		"a file for GitHub":     {prepare: func(j *ciJob) { j.file("GITHUB_ENV") }, args: []string{"123pan", "--file", "x"}},
		"no GitLab output":      {prepare: func(j *ciJob) { j.gitlab() }, args: []string{"123pan", "--output", "x"}},
		"no GitLab directory":   {prepare: func(j *ciJob) { j.gitlab() }, args: []string{"123pan", "--file", filepath.Join(os.DevNull, "none", "x.env")}},
		"a GitLab directory":    {prepare: func(j *ciJob) { j.gitlab(); os.Mkdir(filepath.Join(j.dir, "hauth.env"), 0o700) }, args: []string{"123pan"}},
		"two accounts":          {prepare: func(j *ciJob) { j.file("GITHUB_ENV") }, args: []string{"123pan", "wahool"}},
	}
	if runtime.GOOS != "windows" { // where ordinary users cannot create links
		cases["a GitLab link"] = refused{prepare: func(j *ciJob) { j.gitlab(); os.Symlink("none", filepath.Join(j.dir, "hauth.env")) }, args: []string{"123pan"}}
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			j := newCIJob(t, "123pan")
			if tt.prepare != nil {
				tt.prepare(j)
			}
			stdout, stderr := j.run(2, tt.args...)
			if stdout != "" || strings.Contains(stderr, "::add-mask::") {
				t.Errorf("stdout %q, stderr %q", stdout, stderr)
			}
			if n := j.mock.Tokens("123pan"); n != 0 {
				t.Errorf("%d requests", n)
			}
			if _, err := os.Stat(filepath.Join(j.dir, "none")); err == nil {
				t.Error("the runner's file was made up for")
			}
		})
	}
}

// TestCIExportWithoutMasks: if the masks cannot be written, the token is not
// written either.
func TestCIExportWithoutMasks(t *testing.T) {
	j := newCIJob(t, "123pan")
	env := j.file("GITHUB_ENV")
	var out bytes.Buffer
	code := Main(t.Context(), Env{Args: []string{"ci", "export", "123pan"}, Environ: j.environ, Stdout: &out, Stderr: brokenWriter{}})
	if code != 1 {
		t.Errorf("ended with %d, want 1", code)
	}
	if vars := readRunnerFile(t, env); len(vars) != 1 {
		t.Errorf("the next step sees %v", vars)
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("broken") }
