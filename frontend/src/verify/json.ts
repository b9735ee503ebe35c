/**
 * JSON as strictly as a record is written: no float, no null, no key twice, no number beyond 2^53, ASCII keys.
 *
 * `JSON.parse` drops all but the last of equal keys without a word, so that two readers might see two records.
 */

export type Plain = string | number | boolean | Plain[] | { [key: string]: Plain };

const KEY = /^[\x20-\x7e]+$/;
const NUMBER = /-?(?:0|[1-9]\d*)/y;
const LONE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?:[^\uD800-\uDBFF]|^)[\uDC00-\uDFFF]/;
const DEEPEST = 100; // the same in calc/verifying.py

/** Reads UTF-8; throws SyntaxError for anything that is no strict record. */
export function read(raw: Uint8Array): Plain {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw);
  } catch {
    throw new SyntaxError("not UTF-8");
  }
  return new Reader(text).whole();
}

/** Writes keys sorted, without spaces: what is hashed. */
export function canonical(value: Plain): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key] as Plain)}`).join(",")}}`;
}

class Reader {
  private at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  whole(): Plain {
    const value = this.value(0);
    this.space();
    if (this.at < this.text.length) this.refuse();
    return value;
  }

  private value(depth: number): Plain {
    if (depth > DEEPEST) this.refuse();
    this.space();
    const sign = this.text[this.at];
    if (sign === "{") return this.object(depth);
    if (sign === "[") return this.list(depth);
    if (sign === '"') return this.string();
    for (const [word, value] of [["true", true], ["false", false]] as const) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    return this.number();
  }

  private object(depth: number): Plain {
    const found = Object.create(null) as { [key: string]: Plain };
    this.at += 1;
    if (this.ends("}")) return found;
    for (;;) {
      this.space();
      if (this.text[this.at] !== '"') this.refuse();
      const key = this.string();
      if (!KEY.test(key) || key in found) this.refuse();
      this.space();
      if (this.text[this.at] !== ":") this.refuse();
      this.at += 1;
      found[key] = this.value(depth + 1);
      if (this.ends("}")) return found;
      this.comma();
    }
  }

  private list(depth: number): Plain {
    const found: Plain[] = [];
    this.at += 1;
    if (this.ends("]")) return found;
    for (;;) {
      found.push(this.value(depth + 1));
      if (this.ends("]")) return found;
      this.comma();
    }
  }

  private string(): string {
    let end = this.at + 1;
    for (; this.text[end] !== '"'; end += this.text[end] === "\\" ? 2 : 1) if (end >= this.text.length) this.refuse();
    const word = JSON.parse(this.text.slice(this.at, end + 1)) as string; // refuses bad escapes and control signs
    if (LONE.test(word)) this.refuse();
    this.at = end + 1;
    return word;
  }

  private number(): number {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.text)?.[0] ?? this.refuse();
    const value = Number(found);
    if (!Number.isSafeInteger(value)) this.refuse();
    this.at += found.length;
    return value === 0 ? 0 : value;
  }

  private ends(sign: string): boolean {
    this.space();
    if (this.text[this.at] !== sign) return false;
    this.at += 1;
    return true;
  }

  private comma(): void {
    if (this.text[this.at] !== ",") this.refuse();
    this.at += 1;
  }

  private space(): void {
    while (" \t\n\r".includes(this.text[this.at] ?? "x")) this.at += 1;
  }

  private refuse(): never {
    throw new SyntaxError(`not a strict record at ${this.at}`);
  }
}
