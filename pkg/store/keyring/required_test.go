package keyring

import (
	"os"
	"testing"
)

// Whoever asks for the tests with a real keyring must not be told that all is
// well without them.
func TestRealKeyringIsTested(t *testing.T) {
	if os.Getenv("HAUTH_TEST_KEYRING") == "required" && !realKeyringTests {
		t.Fatal("HAUTH_TEST_KEYRING=required, but these tests were built without -tags keyring")
	}
}
