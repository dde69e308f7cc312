/*
 * bcryptprimitives.dll for a Wine that has none: Go takes its random numbers
 * from ProcessPrng, which Wine 8 lacks. advapi32's RtlGenRandom, exported as
 * SystemFunction036, gives the same.
 */
#include <windows.h>

BOOLEAN WINAPI SystemFunction036(PVOID buffer, ULONG length);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length)
{
	while (length > 0) {
		ULONG some = length > 0x10000000 ? 0x10000000 : (ULONG)length;
		if (!SystemFunction036(data, some))
			return FALSE;
		data += some;
		length -= some;
	}
	return TRUE;
}
