//go:build wine

// Command probe is what the tests for Windows run there: a program that says
// what it was given, ends as it is told, or starts others.
//
//	probe argv ARG...      print each argument, quoted as in Go
//	probe env              print the environment, one entry a line
//	probe say TEXT         print it
//	probe exit N
//	probe status COMMAND   run it, and print the status that it ended with
//	probe herd N COMMAND   run N at once; print how often each output and status came
//	probe wait             print "ready", wait for Ctrl-C, end with 7
//	probe interrupt COMMAND  run it, press Ctrl-C when it is ready, print its status
//
// Under the name curl.exe it is a stand-in for curl, which prints its config and
// its further arguments.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"sync"
)

func main() {
	if filepath.Base(os.Args[0]) == "curl" {
		standInForCurl(os.Args[1:])
		return
	}
	if len(os.Args) < 2 {
		fail(errors.New("which?"))
	}
	args := os.Args[2:]
	switch os.Args[1] {
	case "argv":
		for _, arg := range args {
			fmt.Printf("%q\n", arg)
		}
	case "env":
		for _, entry := range os.Environ() {
			fmt.Println(entry)
		}
	case "say":
		fmt.Println(args[0])
	case "exit":
		os.Exit(number(args[0]))
	case "status":
		c := command(args)
		c.Stdout = os.Stdout
		fmt.Println("status", statusOf(c.Run()))
	case "herd":
		herd(number(args[0]), args[1:])
	case "wait":
		wait()
	case "interrupt":
		interrupt(args)
	default:
		fail(fmt.Errorf("what is %q?", os.Args[1]))
	}
}

func standInForCurl(args []string) {
	if len(args) < 3 || args[0] != "-q" || args[1] != "-K" {
		fail(fmt.Errorf("curl's arguments: %q", args))
	}
	config, err := os.ReadFile(args[2])
	if err != nil {
		fail(err)
	}
	fmt.Printf("%s%q\n", config, args[3:])
	if _, err := os.ReadFile(args[2]); err == nil {
		fail(errors.New("the config can be read twice"))
	}
	os.Exit(22)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "probe:", err)
	os.Exit(99)
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		fail(err)
	}
	return n
}

func command(argv []string) *exec.Cmd {
	c := exec.Command(argv[0], argv[1:]...)
	c.Stdin, c.Stderr = os.Stdin, os.Stderr
	return c
}

func statusOf(err error) int {
	var exited *exec.ExitError
	if err != nil && !errors.As(err, &exited) {
		fail(err)
	}
	if exited != nil {
		return exited.ExitCode()
	}
	return 0
}

func herd(n int, argv []string) {
	var mu sync.Mutex
	var all sync.WaitGroup
	times := map[string]int{}
	for range n {
		all.Go(func() {
			c := exec.Command(argv[0], argv[1:]...)
			out, err := c.CombinedOutput()
			mu.Lock()
			defer mu.Unlock()
			times[fmt.Sprintf("status %d: %s", statusOf(err), out)]++
		})
	}
	all.Wait()
	for output, n := range times {
		fmt.Printf("%d times %s", n, output)
	}
}

func wait() {
	pressed := make(chan os.Signal, 1)
	signal.Notify(pressed, os.Interrupt)
	fmt.Println("ready")
	<-pressed
	fmt.Println("interrupted")
	os.Exit(7)
}

// interrupt shares a console with the command: what is pressed there reaches
// both, and this process ignores it.
func interrupt(argv []string) {
	if err := openConsole(); err != nil {
		fail(err)
	}
	signal.Notify(make(chan os.Signal, 1), os.Interrupt)
	c := command(argv)
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		fail(err)
	}
	lines := bufio.NewReader(out)
	if line, err := lines.ReadString('\n'); err != nil || line != "ready\n" {
		fail(fmt.Errorf("the command says %q, %v", line, err))
	}
	if err := pressControlC(); err != nil {
		fail(err)
	}
	io.Copy(os.Stdout, lines)
	fmt.Println("status", statusOf(c.Wait()))
}
