package main

import (
	"encoding/json"
	"os/exec"
)

// mock is a running hauth mock; its 123pan is what the rounds log in to.
type mock struct {
	cmd        *exec.Cmd
	endpoint   string
	id, secret string
}

func startMock(hauth string) (*mock, error) {
	m := &mock{cmd: exec.Command(hauth, "mock", "--latency", "2ms")}
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
	m.endpoint, m.id, m.secret = first.Endpoint, first.Credentials["client_id"], first.Credentials["client_secret"]
	return m, nil
}

func (m *mock) stop() {
	m.cmd.Process.Kill()
	m.cmd.Wait()
}
