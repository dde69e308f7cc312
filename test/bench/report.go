package main

import (
	"fmt"
	"slices"
	"time"
)

func (b *bench) report(programs []*program, rounds int) {
	fmt.Printf("%d rounds, interleaved; times in ms; peak memory in MiB\n\n", rounds)
	fmt.Printf("%-22s %8s %8s %8s %7s  %s\n", "", "p10", "median", "p90", "memory", "ratio")
	by := map[string]*program{}
	for _, p := range programs {
		by[p.name] = p
	}
	for _, p := range programs {
		fmt.Printf("%-22s %8.2f %8.2f %8.2f %7.1f", p.name, ms(quantile(p.wall, .1)), ms(quantile(p.wall, .5)), ms(quantile(p.wall, .9)), float64(p.memory)/1024)
		if p.base != "" {
			var ratios []float64
			for i := range p.wall {
				took := p.wall[i]
				if p.minus != "" {
					took -= by[p.minus].wall[i]
				}
				ratios = append(ratios, float64(took)/float64(by[p.base].wall[i]))
			}
			verdict := "ok"
			ratio := quantile(ratios, .5)
			if ratio > p.limit {
				verdict = "OVER"
			}
			more := ""
			if p.minus != "" {
				more = "what it adds to " + p.minus + ", "
			}
			fmt.Printf("  %s%.2f × %s (at most %.2f: %s)", more, ratio, p.base, p.limit, verdict)
		}
		fmt.Println()
	}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func quantile[T int64 | float64 | time.Duration](values []T, q float64) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[int(q*float64(len(sorted)-1)+.5)]
}
