package hauth

// SetRefused gives a transport codes that mean a dead token, in the place of
// its provider's.
func (t *Transport) SetRefused(keys, codes []string) { t.refused = &refusal{keys, codes} }
