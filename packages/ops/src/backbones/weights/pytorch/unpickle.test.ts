import { describe, expect, it } from "vitest";
import {
  dict,
  global,
  int,
  joined,
  pickle,
  tensor,
  text,
  tuple,
  uint32,
  uint64,
} from "../../../../../../tests/ops/reference/checkpoints-bytes.ts";
import { flattenTensors } from "./flatten-tensors.ts";
import { EndOfPickle, pickleLimits, unpickle } from "./unpickle.ts";

const read = (...parts: readonly (string | number | Uint8Array)[]) => unpickle("w.pth", pickle(...parts), 0).value;
const ones = { count: 6, shape: [2, 3], strides: [3, 1] };

describe("what would run code is refused by name", () => {
  const system = /w.pth would call os.system on loading; such files are not opened/;
  it.each<[opcodes: string, bytes: Uint8Array, message: RegExp]>([
    ["GLOBAL and REDUCE", joined(global("os", "system"), tuple(text("true")), "R"), system],
    ["GLOBAL alone", global("os", "system"), system],
    ["STACK_GLOBAL", joined(text("os"), text("system"), "\x93", tuple(text("true")), "R"), system],
    ["INST", joined("(", text("true"), "ios\nsystem\n"), system],
    ["OBJ", joined("(", global("collections", "OrderedDict"), "o"), /make an object by the opcode OBJ/],
    ["OBJ of what is not known", joined("(", global("os", "system"), text("true"), "o"), system],
    ["NEWOBJ", joined(global("subprocess", "Popen"), tuple(text("true")), "\x81"), /would call subprocess.Popen on/],
    ["NEWOBJ of a known function", joined(global("torch", "FloatStorage"), ")\x81"), /call torch.FloatStorage/],
    ["EXT1", joined("\x82\x05"), /make the object that is registered as extension 5 on loading/],
    ["EXT2", joined("\x83\x05\x01"), /extension 261/],
    ["EXT4", joined("\x84", uint32(70000)), /extension 70000/],
    ["builtins.eval", global("builtins", "eval"), /would call builtins.eval/],
    ["Python 2", global("__builtin__", "eval"), /would call __builtin__.eval/],
    ["a path inside a known module", global("torch", "hub.load"), /would call torch.hub.load/],
    ["a name that goes on from a known one", global("collections", "OrderedDict.fromkeys"), /OrderedDict.fromkeys/],
    ["a known value that is called", joined(global("torch", "float32"), ")R"), /would call torch.float32/],
    ["a whole module", joined(tuple(text("module"), "N", "N", "N"), "Q"), /import the code of its own network/],
    ["a name that steers a terminal", global("os\x1b[2J", "system"), /would call os\ufffd\[2J.system/],
  ])("%s", (_, bytes, message) => {
    expect(() => read(bytes)).toThrow(message);
    expect(() => read(bytes)).toThrow(expect.objectContaining({ name: "OpError", code: "weights-unsafe" }) as Error);
  });

  it("also in a dictionary's key, beneath other values, and where its result is thrown away", () => {
    const call = joined(global("posix", "system"), tuple(text("true")), "R");
    for (const bytes of [joined("}", call, "Ns"), joined("](", call, "e"), joined(call, "0N")]) {
      expect(() => read(bytes)).toThrow(/posix.system/);
    }
  });
});

describe("what checkpoints hold beside weights", () => {
  it("is inert: nothing is built of it", () => {
    const state = dict({ lr: int(1), __proto__: int(2) });
    const args = joined(global("argparse", "Namespace"), ")\x81", state, "b");
    const path = joined(global("pathlib", "PosixPath"), tuple(text("/"), text("etc")), "R");
    expect(read(args)).toEqual({ kind: "inert", name: "argparse.Namespace" });
    expect(read(path)).toEqual({ kind: "inert", name: "pathlib.PosixPath" });
    expect(read(global("torch", "bfloat16"))).toEqual({ kind: "global", name: "torch.bfloat16" });
  });

  it("may be keyed by names that mean something to JavaScript", () => {
    const value = read(dict({ ["__proto__"]: dict({ polluted: int(1) }), constructor: "N" }));
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(value).toMatchObject({ kind: "dict" });
    expect([...(value as { entries: Map<unknown, unknown> }).entries.keys()]).toEqual(["__proto__", "constructor"]);
  });

  it("may be tensors that are not read, which is said", () => {
    expect(() => read(global("torch._utils", "_rebuild_sparse_tensor"))).toThrow(
      /w.pth cannot be read: it holds sparse/,
    );
    expect(() => read(global("torch", "QInt8Storage"))).toThrow(/quantised numbers/);
    const negated = tensor({ ...ones, flags: dict({ neg: "\x88" }) });
    expect(() => read(negated)).toThrow(/to be negated or conjugated/);
  });

  it("is read as Python 2 wrote it", () => {
    const pairs = joined("](", joined("](U\x01aK\x05e"), joined("](U\x02\xff\x00Ne"), "e");
    const value = read(global("collections", "OrderedDict"), joined("(", pairs, "t"), "R");
    expect([...(value as { entries: Map<unknown, unknown> }).entries]).toEqual([
      ["a", 5],
      [Buffer.from([0xff, 0]), null],
    ]);
  });
});

describe("numbers and texts", () => {
  it.each<[bytes: Uint8Array, value: unknown]>([
    [joined("\x8a\x00"), 0],
    [joined("\x8a\x01\xff"), -1],
    [joined("\x8a\x08\xff\xff\xff\xff\xff\xff\x1f\x00"), Number.MAX_SAFE_INTEGER],
    [joined("\x8a\x09\0\0\0\0\0\0\0\0\x01"), 2n ** 64n],
    [joined("\x8b\x02\0\0\0\0\x80"), -32768],
    [int(-7), -7],
    [joined("M\xff\xff"), 65535],
    [joined("G\x3f\xf8\0\0\0\0\0\0"), 1.5],
    [joined("\x8c\x02\xc3\xa9"), "é"],
    [joined("\x8d", uint64(3), "abc"), "abc"],
    [joined("C\x01\xff"), Buffer.from([255])],
    [joined("\x96", uint64(1), "\xff"), Buffer.from([255])],
    [joined("\x88"), true],
  ])("reads %j", (bytes, value) => {
    expect(read(bytes)).toEqual(value);
  });
});

describe("what no program of PyTorch writes", () => {
  it.each<[what: string, bytes: Uint8Array, message: RegExp]>([
    ["an empty stack", joined("0"), /a value is missing on the stack/],
    ["a value beyond a mark", joined("N(\x85"), /a value is missing on the stack/],
    ["no mark", joined("Nt"), /a mark is missing/],
    ["nothing under that number", joined("h\x05"), /nothing was stored under the number 5/],
    ["an opcode that is none", joined("\xff"), /0xff is no opcode of a pickle/],
    ["an opcode of protocol 0", joined("S'a'\n"), /uses the opcode STRING/],
    ["a shared buffer", joined("\x97"), /uses the opcode NEXT_BUFFER/],
    ["another protocol", joined("\x80\x06"), /of protocol 6/],
    ["a whole number of a gigabyte", joined("\x8b", uint32(2 ** 30)), /a whole number is 1073741824 bytes long/],
    ["a whole number of negative length", joined("\x8b\xff\xff\xff\xff"), /a whole number is -1 bytes/],
    ["a text of a terabyte", joined("\x8d", uint64(2 ** 40)), /more than 268435456 bytes/],
    ["an endless name", joined("c", "x".repeat(600)), /a name does not end/],
    ["items of a list", joined("]NNs"), /sets items of what is no dictionary/],
    ["half an item", joined("}(Nu"), /sets items of what is no dictionary/],
    ["items of a number", joined("K\x01Na"), /appends to what is no list/],
    ["a call of a text", joined(text("os.system"), ")R"), /calls what is no name/],
    ["a call without a tuple", joined(global("collections", "OrderedDict"), "]R"), /no tuple/],
    ["attributes of a list", joined("]Nb"), /sets attributes of a list/],
    ["attributes of a tensor", joined(tensor(ones), "Nb"), /sets attributes of a tensor/],
    ["a name to import that is no text", joined("NN\x93"), /a name to import is no text/],
    ["a reference that is no tuple", joined("NQ"), /refers to something by what is no tuple/],
    ["a reference to something else", joined(tuple(text("file"), text("/etc/passwd")), "Q"), /in a way that PyTorch/],
    ["a storage of no type", tensor({ ...ones, type: "float32" }), /torch.float32 is no type of a storage/],
    ["a negative size", tensor({ ...ones, shape: [-2, 3] }), /no shape or no strides/],
    ["a negative stride", tensor({ ...ones, strides: [-3, 1] }), /no shape or no strides/],
    ["a stride too few", tensor({ ...ones, strides: [1] }), /no shape or no strides/],
    ["a negative offset", tensor({ ...ones, offset: -1 }), /a tensor is made of no storage/],
    ["a negative count", tensor({ ...ones, count: -6 }), /in a way that PyTorch does not/],
    ["65 axes", tensor({ ...ones, shape: Array<number>(65).fill(1), strides: Array<number>(65).fill(1) }), /no shape/],
    [
      "a part beyond its storage",
      tensor({ ...ones, view: tuple(text("v"), int(3), int(4)) }),
      /a part of a storage goes/,
    ],
    ["pairs that are none", joined(global("collections", "OrderedDict"), "](K\x01e\x85R"), /made of no pairs/],
  ])("%s", (_, bytes, message) => {
    expect(() => read(bytes)).toThrow(message);
    expect(() => read(bytes)).toThrow(expect.objectContaining({ name: "OpError" }) as Error);
  });

  it("ends before its end", () => {
    const whole = pickle(dict({ a: tensor(ones), b: joined(global("argparse", "Namespace"), ")\x81}b") }));
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => unpickle("w.pth", whole.subarray(0, length), 0)).toThrow(EndOfPickle);
    }
  });
});

describe("pickles that want too much", () => {
  it.each<[what: string, bytes: Buffer, message: RegExp]>([
    ["values", Buffer.alloc(pickleLimits.steps + 1, "N"), /more than 10000000 values/],
    ["objects", Buffer.alloc(pickleLimits.objects + 1, ")"), /more than 2000000 objects/],
  ])("%s", (_, bytes, message) => {
    expect(() => unpickle("w.pth", bytes, 0)).toThrow(message);
  });

  it("the same pairs again and again", () => {
    const pairs = joined("](", ...Array<string>(10_000).fill("NN\x86"), "eq\x00");
    const again = joined(global("collections", "OrderedDict"), "h\x00\x85R0");
    expect(() => read(pairs, ...Array<Buffer>(2000).fill(again))).toThrow(/more than 10000000 values/);
  });
});

describe("flattenTensors", () => {
  const flat = (...parts: readonly (string | number | Uint8Array)[]) => flattenTensors("w.pth", read(...parts));

  it("joins keys and indices by dots, in the order in which they stand", () => {
    const inner = dict({ weight: tensor(ones), other: int(1), ["__proto__"]: tensor(ones) });
    const names = flat(dict({ model: inner, list: joined("](N", tensor(ones), "e"), last: tensor(ones) })).keys();
    expect([...names]).toEqual(["model.weight", "model.__proto__", "list.1", "last"]);
  });

  it("refuses two of one name", () => {
    const both = dict({ "a.b": tensor(ones), a: dict({ b: tensor(ones) }) });
    expect(() => flat(both)).toThrow(/two of its tensors come to the name a.b/);
  });

  it("refuses what holds itself", () => {
    expect(() => flat("]q\x00h\x00a")).toThrow(/it holds itself/);
    expect(() => flat("}q\x00", text("a"), "h\x00s")).toThrow(/it holds itself/);
  });

  it("refuses what is nested deeper than any network", () => {
    const depth = 200_000;
    expect(() => flat("]".repeat(depth), "a".repeat(depth - 1))).toThrow(/more than 100 deep/);
    expect(() => flat("(".repeat(depth), "t".repeat(depth))).toThrow(/more than 100 deep/);
  });

  it("ends with lists that hold each other many times over", () => {
    const level = (below: number) => joined("](", ...Array<string>(50).fill(`h${String.fromCharCode(below)}`), "e");
    const levels = Array.from({ length: 20 }, (_, index) => joined(level(index), "q", index + 1));
    expect(() => flat("](Ne", "q\x00", ...levels)).toThrow(/hold too many values/);
  });

  it("refuses a name that no network has", () => {
    expect(() => flat(dict({ ["x".repeat(1001)]: tensor(ones) }))).toThrow(/name is over 1000 characters long/);
    expect(() => flat("}N", tensor(ones), "s")).toThrow(/under a key that is no text or number/);
  });
});
