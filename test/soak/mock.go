package main

import (
	"encoding/json"
	"os/exec"
)

// mock is a running hauth mock of the vendor that the rounds log in to.
type mock struct {
	cmd         *exec.Cmd
	endpoint    string
	credentials map[string]string
}

func startMock(hauth, provider string) (*mock, error) {
	m := &mock{cmd: exec.Command(hauth, "mock", "--latency", "2ms", "--provider", provider)}
	out, err := m.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := m.cmd.Start(); err != nil {
		return nil, err
	}
	var first struct {
		Endpoint    string            `json:"endpoint"`
		Credentials map[string]string `json:"credentials"`
	}
	if err := json.NewDecoder(out).Decode(&first); err != nil {
		m.stop()
		return nil, err
	}
	m.endpoint, m.credentials = first.Endpoint, first.Credentials
	return m, nil
}

func (m *mock) stop() {
	m.cmd.Process.Kill()
	m.cmd.Wait()
}
