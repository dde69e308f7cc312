/*
 * bcryptprimitives.dll for Wine 8, which has none. Every Go program loads it,
 * for ProcessPrng; so this is also the place for the one thing more that Wine
 * lacks and Go counts on.
 */
#include <windows.h>

BOOLEAN WINAPI SystemFunction036(PVOID buffer, ULONG length); /* RtlGenRandom, in advapi32 */

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

/*
 * Go's os.RemoveAll deletes files by FileDispositionInformationEx, and in an
 * older way where Windows calls that class invalid, as it did before 2016. Wine
 * 8 says that it is not implemented, which Go takes for a failure.
 */
typedef LONG(WINAPI *set_information_fn)(HANDLE, PVOID, PVOID, ULONG, int);
static set_information_fn set_information;

static LONG WINAPI set_known_information(HANDLE file, PVOID status, PVOID data, ULONG length, int class)
{
	if (class == 64) /* FileDispositionInformationEx */
		return (LONG)0xC0000003; /* STATUS_INVALID_INFO_CLASS */
	return set_information(file, status, data, length, class);
}

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved)
{
	static const BYTE begin[] = {0x4c, 0x8b, 0xd1, 0xb8}; /* mov %rcx,%r10; mov $number,%eax */
	enum { STUB = 32 }; /* bytes: more than a system call's code, which may be moved */
	BYTE jump[12] = {0x48, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xe0}; /* mov $to,%rax; jmp *%rax */
	PVOID to = (PVOID)set_known_information;
	BYTE *code, *copy;
	DWORD old;

	if (reason != DLL_PROCESS_ATTACH)
		return TRUE;
	code = (BYTE *)GetProcAddress(GetModuleHandleA("ntdll"), "NtSetInformationFile");
	if (!code || memcmp(code, begin, sizeof begin))
		return TRUE;
	copy = VirtualAlloc(NULL, STUB, MEM_COMMIT | MEM_RESERVE, PAGE_EXECUTE_READWRITE);
	if (!copy || !VirtualProtect(code, STUB, PAGE_EXECUTE_READWRITE, &old))
		return TRUE;
	memcpy(copy, code, STUB);
	set_information = (set_information_fn)copy;
	memcpy(jump + 2, &to, sizeof to);
	memcpy(code, jump, sizeof jump);
	VirtualProtect(code, STUB, old, &old);
	return TRUE;
}
