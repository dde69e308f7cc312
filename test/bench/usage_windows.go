package main

import "os"

func usageOf(*os.ProcessState) usage { return usage{} }
