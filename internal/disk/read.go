package disk

// File says which file to read and on what conditions.
type File struct {
	Path   string
	Limit  int    // bytes; a greater file is ErrTooBig
	Others Access // what they may do at most
	Links  bool   // a symbolic link is followed; the file and the directory that it leads to are judged, too
}
