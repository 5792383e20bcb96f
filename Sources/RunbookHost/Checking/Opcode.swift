/// The instructions of Lua 5.4, in the order of its `lopcodes.h`: their numbers are part of the format.
enum Opcode: UInt8, CaseIterable {
    case move, loadInteger, loadFloat, loadConstant, loadConstantExtra, loadFalse, loadFalseSkip, loadTrue, loadNil
    case getUpvalue, setUpvalue
    case getTableUpvalue, getTable, getInteger, getField
    case setTableUpvalue, setTable, setInteger, setField
    case newTable, selfCall
    case addInteger, addConstant, subtractConstant, multiplyConstant, moduloConstant, powerConstant, divideConstant
    case floorDivideConstant, andConstant, orConstant, xorConstant, shiftRightInteger, shiftLeftInteger
    case add, subtract, multiply, modulo, power, divide, floorDivide, and, or, xor, shiftLeft, shiftRight
    case metaBinary, metaBinaryInteger, metaBinaryConstant
    case negate, complement, not, length, concatenate
    case close, toBeClosed, jump
    case equal, less, lessOrEqual, equalConstant, equalInteger, lessInteger, lessOrEqualInteger, greaterInteger
    case greaterOrEqualInteger, test, testSet
    case call, tailCall, `return`, returnNone, returnOne
    case forLoop, forPrepare, genericForPrepare, genericForCall, genericForLoop
    case setList, closure, variadic, variadicPrepare, extraArgument
}
