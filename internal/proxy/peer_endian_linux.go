package proxy

import "encoding/binary"

func nativeIsLittle() bool { return binary.NativeEndian.Uint16([]byte{1, 0}) == 1 }
