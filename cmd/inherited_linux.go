package cmd

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// inheritedFile keeps data in memory. A program that this one starts or
// becomes can read it under the path, as often as it likes. Nothing has to be
// removed afterwards.
func inheritedFile(data []byte) (path string, remove func(), err error) {
	fd, err := unix.MemfdCreate("hauth", 0) // stays open across execve
	if err != nil {
		return "", nil, err
	}
	for len(data) > 0 {
		n, err := unix.Write(fd, data)
		if err != nil {
			return "", nil, err
		}
		data = data[n:]
	}
	return fmt.Sprintf("/dev/fd/%d", fd), nil, nil
}
