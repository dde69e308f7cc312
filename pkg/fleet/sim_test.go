package fleet

import (
	"flag"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
)

var (
	simMachines = flag.Int("sim.machines", 50, "machines of the simulated fleet")
	simTime     = flag.Duration("sim.time", 5*time.Hour, "what is simulated")
)

// meter counts calls to the engine per second.
type meter struct {
	mu    sync.Mutex
	begun time.Time
	calls map[int64]int
	total int
}

func (m *meter) count() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.total++
	m.calls[int64(time.Since(m.begun)/time.Second)]++
}

// peaks are the busiest seconds, sorted.
func (m *meter) peaks() []int {
	var all []int
	for _, n := range m.calls {
		all = append(all, n)
	}
	slices.Sort(all)
	return all
}

// TestSimulation lets a fleet use a token of two hours, as hauth would, in
// simulated time: every machine asks for it about once a minute, all are cold at
// the beginning, the engine answers in 5 ms and the vendor in 500. The numbers
// of docs/fleets.md are those that make fleet prints.
func TestSimulation(t *testing.T) {
	for _, tt := range []struct {
		name   string
		limits auth.Limits
		after  time.Duration // what of a token's life is used before it is replaced
	}{
		{"several live tokens", auth.Limits{Live: 3}, 2*time.Hour - 5*time.Minute},
		{"one live token", auth.Limits{Live: 1}, 2*time.Hour - 5*time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, 0, tt.limits)
				w.vendor.took, w.engine.took = 500*time.Millisecond, 5*time.Millisecond
				m := &meter{begun: time.Now(), calls: map[int64]int{}}
				w.engine.meter = m.count
				var mu sync.Mutex
				var worst, worstHit time.Duration
				var calls, waits, failures int
				var group sync.WaitGroup
				for i := range *simMachines {
					machine := w.newMachine(i)
					machine.state = ""
					p := &process{m: machine}
					b := p.broker(p.store(Target{Scheme: "fake"}))
					random := rand.New(rand.NewPCG(1, uint64(i)))
					group.Go(func() {
						for time.Since(m.begun) < *simTime {
							before := time.Now()
							had := machine.token.Left(machine.now()) >= minLeft
							_, err := b.Token(t.Context(), broker.Want{})
							took := time.Since(before)
							mu.Lock()
							calls++
							if err != nil {
								failures++
							}
							if took > 0 {
								waits++
							}
							if worst = max(worst, took); had {
								worstHit = max(worstHit, took)
							}
							mu.Unlock()
							time.Sleep(30*time.Second + time.Duration(random.Int64N(int64(time.Minute))))
						}
					})
				}
				group.Wait()
				peaks := m.peaks()
				most := peaks[len(peaks)-1]
				t.Logf("%d machines, %s: %d calls for a token, %d requests to the vendor, %d calls to the engine (%.1f/s on average, %d in the busiest second, %d in the tenth busiest), %d calls waited, at most %s (%s with a valid token)",
					*simMachines, *simTime, calls, w.vendor.requests, m.total, float64(m.total)/simTime.Seconds(), most, peaks[max(0, len(peaks)-10)],
					waits, worst.Round(time.Millisecond), worstHit.Round(time.Millisecond))
				if want := int(*simTime/tt.after) + 1; w.vendor.requests > want+1 || failures > 0 {
					t.Errorf("%d requests to the vendor, want about %d; %d failures", w.vendor.requests, want, failures)
				}
				if worst > 5*time.Second || worstHit > 2*time.Second {
					t.Errorf("a caller waited %s, one with a valid token %s", worst, worstHit)
				}
				if most > 6*(*simMachines) {
					t.Errorf("%d calls to the engine in a second", most)
				}
			})
		})
	}
}
