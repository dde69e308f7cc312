package fleet

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// Report is what Probe found out.
type Report struct {
	Took     time.Duration // one read
	Clock    time.Duration // the engine's clock minus this machine's
	Rights   string        // what the engine's user needs, to paste; empty: nothing to say
	Server   time.Time     // when the engine's certificate ends; zero: no TLS
	Client   time.Time     // when our certificate ends; zero: none
	Record   bool          // there is a record that the Seal opens
	Host     string        // which machine has the lease; empty: none
	LeaseFor time.Duration // how long it still has it
	Token    time.Duration // the life that is left of the fleet's token; 0: none
}

// Probe connects, logs in, and tries that the engine replaces a value only for
// whoever knows what is there. It leaves one small value behind, under the
// record's name and "-probe". With the zero Seal no record is looked at.
func Probe(ctx context.Context, engine Engine, t Target, seal Seal, now func() time.Time) (Report, error) {
	r := Report{Rights: t.Rights()}
	name := seal.Name()
	if name != "" {
		before := now()
		entry, err := engine.Read(ctx, name)
		if err != nil {
			return r, asEngineError(err, t.String())
		}
		after := now()
		r.Took = after.Sub(before)
		r.Clock = entry.Now.Add(entry.Tick / 2).Sub(before.Add(r.Took / 2)).Round(time.Millisecond)
		rec, err := decodeRecord(seal, entry.Data)
		if err == errNewer {
			return r, newer(t)
		}
		r.Record = err == nil && entry.Data != nil
		if left := rec.LeaseEnd.Sub(entry.Now); rec.Owner != "" && left > 0 {
			r.Host, r.LeaseFor = auth.Printable(rec.Host), left
		}
		if rec.Token != nil {
			r.Token = max(0, rec.Token.ExpiresAt.Sub(entry.Now))
		}
		name += "-"
	}
	err := probeSwap(ctx, engine, name+"probe")
	if c, ok := engine.(certified); ok {
		r.Server, r.Client = c.certificates()
	}
	return r, asEngineError(err, t.String())
}

// certified is an Engine that knows how long the certificates of its
// connection are valid.
type certified interface {
	certificates() (server, client time.Time)
}

// probeSwap writes twice, the second time as if it did not know of the first.
func probeSwap(ctx context.Context, engine Engine, name string) error {
	was, err := engine.Read(ctx, name)
	if err != nil {
		return err
	}
	value := func() []byte {
		return fmt.Appendf(nil, "a probe of hauth doctor, %s", time.Now().UTC().Format(time.RFC3339Nano))
	}
	is, err := engine.Swap(ctx, name, was, value(), time.Minute)
	if errors.Is(err, ErrConflict) {
		return nil // another probe at the same time: it works
	}
	if err != nil {
		return err
	}
	if _, err = engine.Swap(ctx, name, was, value(), time.Minute); !errors.Is(err, ErrConflict) {
		if err == nil {
			err = &auth.Error{Kind: auth.Store, Fact: "the fleet engine replaces a value that somebody else has changed, and cannot be used"}
		}
		return err
	}
	_, err = engine.Swap(ctx, name, is, value(), time.Minute)
	return err
}
