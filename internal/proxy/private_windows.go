package proxy

func withPrivateFiles(make func()) { make() }
