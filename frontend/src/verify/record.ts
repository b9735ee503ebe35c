/**
 * Checks a draw record in the browser: the second program, beside calc/verifying.py, that both must agree with.
 *
 * Needs no network and no secure context (`crypto.subtle` does), so it works from a plain address and from a file.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";

import { type Plain, canonical, read } from "./json";

/** One check. says: which words of the page; detail: what to compare by eye, in hex. */
export interface Line {
  code: string;
  holds: boolean;
  says: string;
  detail: string;
}

interface Stratum {
  id: string;
  take: number;
  reserve: number;
  floor: number;
}

interface Entrant {
  id: string;
  stratum: string;
  tickets: number;
  due: boolean;
}

interface Thrown {
  id: string;
  value: string;
}

type Fields = { [key: string]: Plain };

const NAME = /^[\w.-]{1,60}$/;
const HEX = /^[0-9a-f]{64}$/;
const VALUE = /^[\w.:,-]{1,200}$/;
const LARGEST = 999;
const BAD_FORM: Line = { code: "form", holds: false, says: "form_broken", detail: "" };

/** A record hashed with SM3, which this page does not know. */
export class NotHere extends Error {}

/** Gives one line a check; the form alone where that is broken. before: the record before it, if somebody gave one. */
export function check(raw: Uint8Array, before?: Uint8Array): Line[] {
  let record: Fields;
  let earlier: Plain | undefined;
  try {
    const value = read(raw);
    earlier = before ? read(before) : undefined;
    if (!isRecord(value)) return [BAD_FORM];
    record = value;
  } catch (error) {
    if (error instanceof NotHere) throw error;
    return [BAD_FORM];
  }
  return lines(record, earlier);
}

function lines(record: Fields, earlier: Plain | undefined): Line[] {
  const commit = record["commit"] as Fields;
  const reveal = record["reveal"] as Fields;
  const strata = commit["strata"] as unknown as Stratum[];
  const pool = commit["pool"] as unknown as Entrant[];
  const plan = commit["entropy_plan"] as unknown as Thrown[];
  const thrown = reveal["entropy"] as unknown as Thrown[];
  const commitHash = record["commit_hash"] as string;
  const secret = reveal["secret"] as string;
  const refused = secret === commitHash && isFields(commit["rules"]) && commit["rules"]["unrevealed"] === "commit_hash";
  const seed = hmac(
    sha256,
    hexToBytes(commitHash + secret),
    utf8ToBytes(thrown.map(({ id, value }) => `${id}=${value}/`).join("")),
  );
  const groups = strata.map(({ id }) => id);
  const result = Object.create(null) as Fields;
  for (const stratum of strata) result[stratum.id] = drawn(stratum, pool, seed);
  const line = (code: string, holds: boolean, detail = "", says = code): Line => ({ code, holds, says, detail });
  return [
    line("form", true, digest(record)),
    line("commit", digest(commit) === commitHash, commitHash),
    line(
      "chain",
      earlier === undefined || digest(earlier) === commit["prev_record"],
      commit["prev_record"] as string,
      earlier === undefined ? "chain_alone" : "chain",
    ),
    line(
      "secret",
      bytesToHex(sha256(hexToBytes(secret))) === commit["secret_hash"] || refused,
      "",
      refused ? "secret_refused" : "secret",
    ),
    line("entropy", canonical(thrown.map(({ id }) => id)) === canonical(plan.map(({ id }) => id))),
    line("seed", bytesToHex(seed) === record["seed"]),
    line(
      "pool",
      isOnce(pool.map(({ id }) => id)) && isOnce(groups) && pool.every(({ stratum }) => groups.includes(stratum)),
    ),
    line("result", canonical(record["result"] as Plain) === canonical(result)),
  ];
}

/** Each ticket is stamped, an organisation stands where its best ticket stands; kept slots first, then from the top. */
function drawn(stratum: Stratum, pool: Entrant[], seed: Uint8Array): Fields {
  const keyed = hmac.create(sha256, seed);
  const stamp = (id: string, ticket: number): string =>
    bytesToHex(keyed.clone().update(utf8ToBytes(`${stratum.id}|${id}|${ticket}`)).digest());
  const ranked = pool
    .filter((one) => one.stratum === stratum.id && one.tickets > 0)
    .map((one) => ({
      id: one.id,
      due: one.due,
      best: Array.from({ length: one.tickets }, (_, ticket) => stamp(one.id, ticket)).reduce((a, b) => (a < b ? a : b)),
    }))
    .sort((a, b) => compare(a.best, b.best) || compare(a.id, b.id));
  const kept = ranked.filter(({ due }) => due).slice(0, stratum.floor);
  const order = [...kept, ...ranked.filter((one) => !kept.includes(one))].map(({ id }) => id);
  return {
    drawn: order.slice(0, stratum.take),
    reserve: order.slice(stratum.take, stratum.take + stratum.reserve),
  };
}

function isRecord(value: Plain): value is Fields {
  if (!isFields(value) || !hasOnly(value, "commit", "commit_hash", "reveal", "seed", "result")) return false;
  const { commit, reveal } = value;
  if (!isFields(commit) || !isFields(reveal) || !hasOnly(reveal, "secret", "entropy")) return false;
  const hexes = [value["commit_hash"], value["seed"], reveal["secret"], commit["secret_hash"], commit["prev_record"]];
  if (!hexes.every((each) => matches(HEX, each))) return false;
  const isWellFormed =
    every(reveal["entropy"], (each) => hasOnly(each, "id", "value") && matches(NAME, each["id"]) && matches(VALUE, each["value"])) &&
    every(commit["entropy_plan"], (each) => matches(NAME, each["id"])) &&
    every(commit["strata"], (each) =>
      matches(NAME, each["id"]) && isCount(each["take"]) && isCount(each["reserve"]) && isCount(each["floor"])) &&
    every(commit["pool"], (each) =>
      matches(NAME, each["id"]) && isCount(each["tickets"]) && typeof each["due"] === "boolean"
      && typeof each["stratum"] === "string") &&
    commit["format"] === "linli-draw/1" && isFields(commit["rules"] ?? {}) &&
    (commit["hash"] === "sha256" || commit["hash"] === "sm3");
  if (isWellFormed && commit["hash"] === "sm3") throw new NotHere();
  return isWellFormed;
}

function digest(value: Plain): string {
  return bytesToHex(sha256(utf8ToBytes(canonical(value))));
}

function isFields(value: Plain | undefined): value is Fields {
  return typeof value === "object" && !Array.isArray(value);
}

function hasOnly(value: Fields, ...keys: string[]): boolean {
  return Object.keys(value).length === keys.length && keys.every((key) => key in value);
}

function every(value: Plain | undefined, holds: (each: Fields) => boolean): boolean {
  return Array.isArray(value) && value.every((each) => isFields(each) && holds(each));
}

function matches(pattern: RegExp, value: Plain | undefined): boolean {
  return typeof value === "string" && pattern.test(value);
}

function isCount(value: Plain | undefined): boolean {
  return typeof value === "number" && value >= 0 && value <= LARGEST;
}

function isOnce(names: string[]): boolean {
  return new Set(names).size === names.length;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
