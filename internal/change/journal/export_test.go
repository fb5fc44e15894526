package journal

// SetFull makes a file count as full at a size that tests can reach.
func (j *Journal) SetFull(size int64) { j.full = size }
