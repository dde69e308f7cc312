package hauth

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/hauth/hauth/internal/text"
)

// maxSecret bounds what is read as a secret, in bytes.
const maxSecret = 64 << 10

// pipePatience is how long a named pipe may be without a writer.
const pipePatience = 5 * time.Second

// ReadSecretFile reads a file that holds one secret and drops one line break
// from its end. The file may be a pipe. No error names it, since what was
// given as its name may be the secret itself.
func ReadSecretFile(path string) (string, error) {
	f, err := openWithin(path, pipePatience)
	if err != nil {
		return "", text.WithoutPath(err)
	}
	defer f.Close()
	f.SetReadDeadline(time.Now().Add(pipePatience)) // a pipe may have a writer that never writes; other files do not support deadlines
	secret, err := ReadSecret(f)
	return secret, text.WithoutPath(err)
}

// ReadSecret reads one secret of at most 64 KiB and drops one line break from
// its end.
func ReadSecret(r io.Reader) (string, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxSecret+1))
	if err != nil {
		return "", err
	}
	if len(b) > maxSecret {
		return "", fmt.Errorf("more than %d bytes", maxSecret)
	}
	s := strings.TrimSuffix(string(b), "\n")
	return strings.TrimSuffix(s, "\r"), nil
}

// openWithin is os.Open with a deadline: opening a pipe waits for a writer
// and cannot be cancelled.
func openWithin(path string, limit time.Duration) (*os.File, error) {
	type opened struct {
		file *os.File
		err  error
	}
	c := make(chan opened, 1)
	go func() {
		file, err := os.Open(path)
		c <- opened{file, err}
	}()
	select {
	case o := <-c:
		return o.file, o.err
	case <-time.After(limit):
		return nil, errors.New("timed out: it is a pipe with no writer")
	}
}
