package cmd

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// A real engine for a fleet, in scripts that begin with
// [!exec:redis-server] skip 'REASON':
//
//	redis                   serve one on loopback; sets $REDIS, the URL with its
//	                        password-file; again: the same one, with no data left
//	redis tls DUR           with TLS only, and certificates that end in DUR
//	redis-signal SIG        KILL, STOP or CONT it
//
// Whatever it writes down is in $WORK, where it is searched like everything else.
func addRedisVerbs(verbs map[string]func(*testscript.TestScript, bool, []string)) {
	verbs["redis"] = verbRedis
	verbs["redis-signal"] = verbRedisSignal
}

const redisPassword = "mock-only-redis-password-7c21"

// redisServer is the script's engine.
type redisServer struct {
	port string
	cmd  *exec.Cmd
	tls  *tls.Config // nil: without
}

func verbRedis(ts *testscript.TestScript, _ bool, args []string) {
	s := scriptOf(ts)
	dir := filepath.Join(s.work, "redis")
	ts.Check(os.MkdirAll(dir, 0o700))
	password := filepath.Join(s.work, secretsDir, "redis")
	ts.Check(os.WriteFile(password, []byte(redisPassword+"\n"), 0o600))
	s.canary.secret("redis", redisPassword)
	if s.redis == nil {
		s.redis = &redisServer{port: freeLoopbackPort(ts)}
		s.closing = append(s.closing, s.redis.stop)
	}
	r := s.redis
	r.stop()
	r.cmd = exec.Command("redis-server", "-")
	r.cmd.Dir = dir
	url := "redis://127.0.0.1:" + r.port + "/0?password-file=" + password
	listen := "port " + r.port
	if len(args) > 0 {
		life, err := time.ParseDuration(args[1])
		ts.Check(err)
		c := makeCertificates(ts, filepath.Join(s.work, secretsDir), life)
		// It only looks whether the server is ready, with one that has expired too.
		r.tls = &tls.Config{InsecureSkipVerify: true}
		listen = fmt.Sprintf("port 0\ntls-port %s\ntls-cert-file %s\ntls-key-file %s\ntls-ca-cert-file %s\ntls-auth-clients optional", r.port, c.cert, c.key, c.ca)
		url = fmt.Sprintf("rediss%s&ca-file=%s&cert-file=%s&key-file=%s", strings.TrimPrefix(url, "redis"), c.ca, c.cert, c.key)
	}
	r.cmd.Stdin = strings.NewReader(fmt.Sprintf("bind 127.0.0.1\n%s\nrequirepass %s\nsave \"\"\nappendonly yes\nlogfile log\n", listen, redisPassword))
	r.cmd.SysProcAttr = apart()
	ts.Check(os.RemoveAll(filepath.Join(dir, "appendonlydir")))
	ts.Check(r.cmd.Start())
	for end := time.Now().Add(patience); !r.answers(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			log, _ := os.ReadFile(filepath.Join(dir, "log"))
			ts.Fatalf("redis-server does not answer: %s", log)
		}
	}
	ts.Setenv("REDIS", url)
	ts.Setenv("REDIS_HOST", "127.0.0.1:"+r.port)
	s.environ = setEnv(setEnv(s.environ, "REDIS", url), "REDIS_HOST", "127.0.0.1:"+r.port)
}

func verbRedisSignal(ts *testscript.TestScript, _ bool, args []string) {
	r := scriptOf(ts).redis
	if args[0] == "KILL" {
		r.stop()
		return
	}
	ts.Check(sendSignal(r.cmd.Process, args[0]))
}

func (r *redisServer) stop() {
	if r.cmd == nil {
		return
	}
	r.cmd.Process.Kill()
	r.cmd.Wait()
	r.cmd = nil
}

func (r *redisServer) answers() bool {
	c, err := net.DialTimeout("tcp", "127.0.0.1:"+r.port, time.Second)
	if err != nil {
		return false
	}
	defer c.Close()
	if r.tls != nil {
		c = tls.Client(c, r.tls)
	}
	c.SetDeadline(time.Now().Add(time.Second))
	fmt.Fprintf(c, "AUTH %s\r\nPING\r\n", redisPassword)
	lines := bufio.NewScanner(c)
	for lines.Scan() {
		if lines.Text() == "+PONG" {
			return true
		}
	}
	return false
}

// certificates are an authority's file and one certificate for both ends.
type certificates struct {
	ca, cert, key string
}

func makeCertificates(ts *testscript.TestScript, dir string, life time.Duration) certificates {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mock"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(life), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage:    x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	ts.Check(err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(private)
	ts.Check(err)
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	keyPEM := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})
	c := certificates{ca: filepath.Join(dir, "cert"), cert: filepath.Join(dir, "cert"), key: filepath.Join(dir, "key")}
	ts.Check(os.WriteFile(c.cert, certPEM, 0o600))
	ts.Check(os.WriteFile(c.key, keyPEM, 0o600))
	return c
}

func freeLoopbackPort(ts *testscript.TestScript) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	ts.Check(err)
	return port
}
