// Dotted paths over documents in place, through arrays as MongoDB's queries see them.
import { ARRAY, OBJECT, Elements, findField, foundType } from '../bson/raw.mjs';

/** What a test gets for a path that is not there. */
export const MISSING = 0;

const DIGITS = /^\d+$/;

export class Path {
  constructor(text) {
    this.text = text;
    const names = text.split('.');
    this.parts = names.map(name => Buffer.from(name));
    this.isIndex = names.map(name => DIGITS.test(name));
  }

  /** Whether any value at the path passes `test(buf, type, at)`; `expand` also offers the elements of an array there. */
  any(buf, at, test, expand) {
    return this.#walk(buf, at, 0, test, expand);
  }

  #walk(buf, at, depth, test, expand) {
    const value = findField(buf, at, this.parts[depth]);
    if (value < 0) return test(buf, MISSING, 0);
    return this.#from(buf, foundType, value, depth, test, expand);
  }

  #from(buf, type, value, depth, test, expand) {
    if (depth === this.parts.length - 1) return this.#leaf(buf, type, value, test, expand);
    if (type === OBJECT) return this.#walk(buf, value, depth + 1, test, expand);
    if (type !== ARRAY) return test(buf, MISSING, 0);
    if (this.isIndex[depth + 1]) {
      const element = findField(buf, value, this.parts[depth + 1]);
      // An element named by its index counts as it is, even if it is an array itself.
      if (element >= 0 && this.#from(buf, foundType, element, depth + 1, test, expand && depth + 2 < this.parts.length)) return true;
    }
    for (const it = new Elements(buf, value); it.next();) {
      if (it.type === OBJECT && this.#walk(buf, it.value, depth + 1, test, expand)) return true;
    }
    return false;
  }

  #leaf(buf, type, value, test, expand) {
    if (test(buf, type, value)) return true;
    if (type !== ARRAY || !expand) return false;
    for (const it = new Elements(buf, value); it.next();) if (test(buf, it.type, it.value)) return true;
    return false;
  }
}
