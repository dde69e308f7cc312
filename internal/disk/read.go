package disk

// File is a file to read, and the conditions that it has to meet.
type File struct {
	Path   string
	Limit  int    // bytes; a greater file is ErrTooBig
	Others Access // what other users may do to it at most
	Links  bool   // follow a symbolic link; where it leads is checked as well
}
