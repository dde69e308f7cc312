package disk

// TryLock locks the file at path, which it creates if necessary. The error is
// ErrHeld while another process holds the lock. The lock is the operating
// system's: it ends with release or with the process, however that ends. hauth
// never deletes a lock file.
func (d Disk) TryLock(path string) (release func(), err error) {
	if err := d.before("lock", path); err != nil {
		return nil, err
	}
	return tryLock(path)
}
