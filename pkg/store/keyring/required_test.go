package keyring

import (
	"os"
	"testing"
)

// A run that is meant to test a real keyring must not pass without these
// tests.
func TestRealKeyringIsTested(t *testing.T) {
	if os.Getenv("HAUTH_TEST_KEYRING") == "required" && !realKeyringTests {
		t.Fatal("HAUTH_TEST_KEYRING=required, but these tests were built without -tags keyring")
	}
}
