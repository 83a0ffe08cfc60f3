package main

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"unsafe"

	"github.com/ebitengine/purego"
)

// Numbers of PKCS #11 v2.40, as far as they are used here.
const (
	osLockingOK     = 0x2
	sessionSerial   = 0x4
	sessionWritable = 0x2
	userPinFinalTry = 0x40000
	userPinLocked   = 0x20000
	userCKU         = 1

	classPublic  = 2
	classPrivate = 3
	keyEC        = 3

	attrClass       = 0x0
	attrToken       = 0x1
	attrPrivate     = 0x2
	attrLabel       = 0x3
	attrKeyType     = 0x100
	attrID          = 0x102
	attrSensitive   = 0x103
	attrSign        = 0x108
	attrVerify      = 0x10a
	attrExtractable = 0x162
	attrECParams    = 0x180
	attrECPoint     = 0x181

	mechanismECKeyPair = 0x1040
	mechanismECDSA     = 0x1041

	unavailable = ^uint64(0)
)

// Return values of PKCS #11 that are told apart.
const (
	rvOK                 = 0x0
	rvPinIncorrect       = 0xa0
	rvPinInvalid         = 0xa1
	rvPinLenRange        = 0xa2
	rvPinExpired         = 0xa3
	rvPinLocked          = 0xa4
	rvUserAlreadyIn      = 0x100
	rvAlreadyInitialized = 0x191
)

// Places of functions in CK_FUNCTION_LIST.
const (
	fnInitialize      = 0
	fnFinalize        = 1
	fnGetSlotList     = 4
	fnGetTokenInfo    = 6
	fnOpenSession     = 12
	fnLogin           = 18
	fnGetAttribute    = 24
	fnFindInit        = 26
	fnFind            = 27
	fnFindFinal       = 28
	fnSignInit        = 42
	fnSign            = 43
	fnGenerateKeyPair = 59
)

// functionList is CK_FUNCTION_LIST: a version, which is padded, and the functions.
type functionList struct {
	version   [8]byte
	functions [68]uintptr
}

// attribute is CK_ATTRIBUTE.
type attribute struct {
	kind   uint64
	value  unsafe.Pointer
	length uint64
}

// mechanism is CK_MECHANISM without a parameter.
type mechanism struct {
	kind      uint64
	parameter unsafe.Pointer
	length    uint64
}

// tokenInfo is CK_TOKEN_INFO.
type tokenInfo struct {
	label, manufacturer [32]byte
	model, serial       [16]byte
	flags               uint64
	counts              [10]uint64
	versions            [4]byte
	time                [16]byte
	_                   [4]byte
}

// initializeArgs is CK_C_INITIALIZE_ARGS: the module may use locks of the system.
type initializeArgs struct {
	mutexes  [4]uintptr
	flags    uint64
	reserved uintptr
}

// returned is a return value of PKCS #11 other than CKR_OK.
type returned struct {
	function string
	value    uint64
}

func (r returned) Error() string { return fmt.Sprintf("%s returned 0x%x", r.function, r.value) }

// module is a library that speaks PKCS #11, loaded without a C compiler. One goroutine may use it at once.
type module struct{ list *functionList }

// openModule loads a library.
func openModule(path string) (*module, error) {
	handle, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, err
	}
	entry, err := purego.Dlsym(handle, "C_GetFunctionList")
	if err != nil {
		return nil, err
	}
	holder := new(*functionList)
	var pin runtime.Pinner
	defer pin.Unpin()
	pin.Pin(holder)
	if value, _, _ := purego.SyscallN(entry, uintptr(unsafe.Pointer(holder))); value != rvOK || *holder == nil {
		return nil, returned{"C_GetFunctionList", uint64(value)}
	}
	return &module{*holder}, nil
}

// call calls a function of the module.
func (m *module) call(name string, place int, arguments ...uintptr) error {
	if value, _, _ := purego.SyscallN(m.list.functions[place], arguments...); value != rvOK {
		return returned{name, uint64(value)}
	}
	return nil
}

// begin initialises the module again, so that it finds tokens that came meanwhile.
func (m *module) begin() error {
	m.end()
	args := &initializeArgs{flags: osLockingOK}
	var pin runtime.Pinner
	defer pin.Unpin()
	pin.Pin(args)
	err := m.call("C_Initialize", fnInitialize, uintptr(unsafe.Pointer(args)))
	if is(err, rvAlreadyInitialized) {
		return nil
	}
	return err
}

// end lets the module finish.
func (m *module) end() { _ = m.call("C_Finalize", fnFinalize, 0) }

// tokens returns the slots that hold a token, with what they say of it.
func (m *module) tokens() (map[uint64]*tokenInfo, error) {
	var pin runtime.Pinner
	defer pin.Unpin()
	count := new(uint64)
	pin.Pin(count)
	if err := m.call("C_GetSlotList", fnGetSlotList, 1, 0, uintptr(unsafe.Pointer(count))); err != nil {
		return nil, err
	}
	found := map[uint64]*tokenInfo{}
	if *count == 0 {
		return found, nil
	}
	slots := make([]uint64, *count)
	pin.Pin(&slots[0])
	if err := m.call("C_GetSlotList", fnGetSlotList, 1, uintptr(unsafe.Pointer(&slots[0])), uintptr(unsafe.Pointer(count))); err != nil {
		return nil, err
	}
	for _, slot := range slots[:min(*count, uint64(len(slots)))] {
		info := new(tokenInfo)
		pin.Pin(info)
		// A slot whose token does not answer keeps nobody from the others.
		if m.call("C_GetTokenInfo", fnGetTokenInfo, uintptr(slot), uintptr(unsafe.Pointer(info))) == nil {
			found[slot] = info
		}
	}
	return found, nil
}

// name is a token's label without the blanks that fill it up.
func (t *tokenInfo) name() string { return strings.TrimRight(string(t.label[:]), " \x00") }

// openSession opens a session with a token.
func (m *module) openSession(slot uint64) (uint64, error) {
	session := new(uint64)
	var pin runtime.Pinner
	defer pin.Unpin()
	pin.Pin(session)
	err := m.call("C_OpenSession", fnOpenSession,
		uintptr(slot), sessionSerial|sessionWritable, 0, 0, uintptr(unsafe.Pointer(session)))
	return *session, err
}

// login gives the PIN to the token.
func (m *module) login(session uint64, pin []byte) error {
	if len(pin) == 0 {
		return returned{"C_Login", rvPinLenRange}
	}
	var pinned runtime.Pinner
	defer pinned.Unpin()
	pinned.Pin(&pin[0])
	err := m.call("C_Login", fnLogin, uintptr(session), userCKU, uintptr(unsafe.Pointer(&pin[0])), uintptr(len(pin)))
	if is(err, rvUserAlreadyIn) {
		return nil
	}
	return err
}

// template is a list of attributes in memory that does not move while C reads it.
type template struct {
	pin        runtime.Pinner
	attributes []attribute
}

func (t *template) bytes(kind uint64, value []byte) *template {
	held := bytes.Clone(value)
	if len(held) == 0 {
		held = make([]byte, 1)
	}
	t.pin.Pin(&held[0])
	t.attributes = append(t.attributes, attribute{kind, unsafe.Pointer(&held[0]), uint64(len(value))})
	return t
}

func (t *template) number(kind, value uint64) *template {
	return t.bytes(kind, unsafe.Slice((*byte)(unsafe.Pointer(&value)), 8))
}

func (t *template) flag(kind uint64, value bool) *template {
	if value {
		return t.bytes(kind, []byte{1})
	}
	return t.bytes(kind, []byte{0})
}

// pointer is the place of the list. It is pinned until free.
func (t *template) pointer() uintptr {
	t.pin.Pin(&t.attributes[0])
	return uintptr(unsafe.Pointer(&t.attributes[0]))
}

func (t *template) free() { t.pin.Unpin() }

// find returns at most two objects with a label.
func (m *module) find(session, class uint64, label string) ([]uint64, error) {
	wanted := (&template{}).number(attrClass, class).bytes(attrLabel, []byte(label))
	defer wanted.free()
	if err := m.call("C_FindObjectsInit", fnFindInit, uintptr(session), wanted.pointer(), uintptr(len(wanted.attributes))); err != nil {
		return nil, err
	}
	objects, count := make([]uint64, 2), new(uint64)
	wanted.pin.Pin(&objects[0])
	wanted.pin.Pin(count)
	err := m.call("C_FindObjects", fnFind,
		uintptr(session), uintptr(unsafe.Pointer(&objects[0])), 2, uintptr(unsafe.Pointer(count)))
	if last := m.call("C_FindObjectsFinal", fnFindFinal, uintptr(session)); err == nil {
		err = last
	}
	if err != nil {
		return nil, err
	}
	return objects[:min(*count, 2)], nil
}

// attribute returns an attribute of an object.
func (m *module) attribute(session, object, kind uint64) ([]byte, error) {
	asked := &attribute{kind: kind}
	var pin runtime.Pinner
	defer pin.Unpin()
	pin.Pin(asked)
	ask := func() error {
		return m.call("C_GetAttributeValue", fnGetAttribute,
			uintptr(session), uintptr(object), uintptr(unsafe.Pointer(asked)), 1)
	}
	if err := ask(); err != nil {
		return nil, err
	}
	if asked.length == unavailable || asked.length == 0 || asked.length > 4096 {
		return nil, nil
	}
	value := make([]byte, asked.length)
	pin.Pin(&value[0])
	asked.value = unsafe.Pointer(&value[0])
	if err := ask(); err != nil {
		return nil, err
	}
	return value[:min(asked.length, uint64(len(value)))], nil
}

// makeKey has the token make a key pair that cannot be taken out.
func (m *module) makeKey(session uint64, label string, curve []byte) error {
	open := (&template{}).flag(attrToken, true).flag(attrVerify, true).
		bytes(attrLabel, []byte(label)).bytes(attrID, []byte(label)).bytes(attrECParams, curve)
	defer open.free()
	secret := (&template{}).flag(attrToken, true).flag(attrPrivate, true).flag(attrSensitive, true).
		flag(attrExtractable, false).flag(attrSign, true).bytes(attrLabel, []byte(label)).bytes(attrID, []byte(label))
	defer secret.free()
	how, handles := &mechanism{kind: mechanismECKeyPair}, make([]uint64, 2)
	open.pin.Pin(how)
	open.pin.Pin(&handles[0])
	return m.call("C_GenerateKeyPair", fnGenerateKeyPair, uintptr(session), uintptr(unsafe.Pointer(how)),
		open.pointer(), uintptr(len(open.attributes)), secret.pointer(), uintptr(len(secret.attributes)),
		uintptr(unsafe.Pointer(&handles[0])), uintptr(unsafe.Pointer(&handles[1])))
}

// sign returns the signature of a digest: r and s, 32 bytes each.
func (m *module) sign(session, key uint64, digest []byte) ([]byte, error) {
	how, made, length := &mechanism{kind: mechanismECDSA}, make([]byte, 512), new(uint64)
	*length = uint64(len(made))
	var pin runtime.Pinner
	defer pin.Unpin()
	pin.Pin(how)
	pin.Pin(&made[0])
	pin.Pin(&digest[0])
	pin.Pin(length)
	if err := m.call("C_SignInit", fnSignInit, uintptr(session), uintptr(unsafe.Pointer(how)), uintptr(key)); err != nil {
		return nil, err
	}
	err := m.call("C_Sign", fnSign, uintptr(session), uintptr(unsafe.Pointer(&digest[0])), uintptr(len(digest)),
		uintptr(unsafe.Pointer(&made[0])), uintptr(unsafe.Pointer(length)))
	if err != nil {
		return nil, err
	}
	if *length != 64 {
		return nil, fmt.Errorf("C_Sign returned %d bytes in place of 64", *length)
	}
	return made[:64], nil
}

func is(err error, values ...uint64) bool {
	found, ok := err.(returned)
	if !ok {
		return false
	}
	for _, value := range values {
		if found.value == value {
			return true
		}
	}
	return false
}
