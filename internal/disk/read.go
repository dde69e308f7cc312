package disk

// File is a file to read, and the conditions that it has to meet.
type File struct {
	Path   string
	Limit  int    // bytes; a larger file is ErrTooBig
	Others Access // the most that other users may do to it
	Links  bool   // follow a symbolic link; where it leads is checked as well
}
