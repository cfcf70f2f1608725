import { damagedWeights, shownName, unsupportedWeights } from "../weights-errors.ts";
import { isOfKind, isPickleObject, type PickleTensor, type PickleValue } from "./pickle-values.ts";

/** Limits on hostile structures: lists that hold each other again and again come to more names than there are atoms. */
export const flattenLimits = {
  depth: 100,
  /** Items of dictionaries, lists and tuples. */
  items: 50_000_000,
  /** Those of them that are none of numbers, texts and the like. */
  objects: 2_000_000,
  tensors: 500_000,
  nameLength: 1000,
} as const;

/** One way from the top to a value: names are only joined where a tensor is reached. */
interface Way {
  readonly value: PickleValue;
  readonly key: PickleValue;
  readonly parent: Way | null;
  readonly depth: number;
}

/**
 * The tensors of nested dictionaries, lists and tuples, by their keys and indices joined with dots, in the order in which they
 * stand. Whatever is no tensor is left out. A tensor that is all there is has the name "".
 * @throws OpError `weights-damaged` (two of one name, a structure that holds itself), `weights-unsupported`
 */
export function flattenTensors(file: string, top: PickleValue): ReadonlyMap<string, PickleTensor> {
  const tensors = new Map<string, PickleTensor>();
  // A stack of our own: that of JavaScript ends after some ten thousand levels.
  const open: Way[] = [{ value: top, key: null, parent: null, depth: 0 }];
  let [seen, reached] = [0, 0];
  for (let way = open.pop(); way; way = open.pop()) {
    const { value } = way;
    if (isPickleObject(value) && value.kind === "tensor") {
      const name = nameOf(file, way);
      if (tensors.has(name)) throw damagedWeights(file, `two of its tensors come to the name ${shownName(name)}`);
      tensors.set(name, value);
    }
    if (way.depth > flattenLimits.depth) {
      throw damagedWeights(
        file,
        `it holds itself, or dictionaries in one another more than ${flattenLimits.depth} deep`,
      );
    }
    const { items, children } = childrenOf(way);
    seen += items;
    reached += children.length;
    if (seen > flattenLimits.items || reached > flattenLimits.objects || tensors.size > flattenLimits.tensors) {
      throw unsupportedWeights(file, "its dictionaries hold too many values");
    }
    // The last goes on top of the stack, so that the first is taken first.
    for (const child of children.reverse()) open.push(child);
  }
  return tensors;
}

/** What may hold tensors among the items of a container, and how many items it has. */
function childrenOf(parent: Way): { readonly items: number; readonly children: Way[] } {
  const children: Way[] = [];
  let items = 0;
  for (const [key, value] of itemsOf(parent.value)) {
    items += 1;
    if (isPickleObject(value)) children.push({ value, key, parent, depth: parent.depth + 1 });
  }
  return { items, children };
}

function itemsOf(value: PickleValue): Iterable<readonly [key: PickleValue, item: PickleValue]> {
  if (isOfKind(value, "dict")) return value.entries;
  return isOfKind(value, "list") || isOfKind(value, "tuple") ? value.items.entries() : [];
}

function nameOf(file: string, way: Way): string {
  const keys: string[] = [];
  let length = 0;
  for (let at = way; at.parent; at = at.parent) {
    if (!isNameable(at.key))
      throw unsupportedWeights(file, "a dictionary has a tensor under a key that is no text or number");
    const key = textOf(at.key);
    length += key.length;
    // Before they are joined: hostile keys may be longer together than any text can be.
    if (length > flattenLimits.nameLength) {
      throw unsupportedWeights(
        file,
        `a tensor's name is over ${flattenLimits.nameLength} characters long (.. ${shownName(key)})`,
      );
    }
    keys.unshift(key);
  }
  return keys.join(".");
}

function isNameable(key: PickleValue): key is string | number | bigint | boolean {
  return typeof key === "string" || typeof key === "number" || typeof key === "bigint" || typeof key === "boolean";
}

/** As Python writes it. */
function textOf(key: string | number | bigint | boolean): string {
  if (typeof key === "boolean") return key ? "True" : "False";
  return String(key);
}
