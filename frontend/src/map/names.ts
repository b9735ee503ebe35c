/** Where the name of an area is written: in what is seen of it, clear of the pin, of boxes over the map and of other names. */
export interface Px {
  x: number;
  y: number;
}
export interface Size {
  width: number;
  height: number;
}
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const STEPS = 8; // places tried across and down

/** The box of a name whose middle is here. */
export function boxAt({ x, y }: Px, { width, height }: Size): Box {
  return { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 };
}

/**
 * Find the middle of a name in an area, null if there is no room.
 *
 * ring: the area's outline; seen: what the window shows of the map; near: where the name stood, tried first, so that it
 * moves only if it must; taken: what may never lie under or over it; lights: what it keeps clear of if it can.
 */
export function placeFor(
  ring: readonly Px[], seen: Box, size: Size, near: Px | null, taken: readonly Box[], lights: readonly Box[],
): Px | null {
  const part = clipped(ring, seen);
  const free = candidates(part, size, near).filter(
    (place) => fits(part, place, size) && isWithin(seen, boxAt(place, size)) && !hits(boxAt(place, size), taken),
  );
  return free.find((place) => !hits(boxAt(place, size), lights)) ?? free[0] ?? null;
}

/** Places for a name: where it stood, then over the whole part, those in the middle first. */
function candidates(part: readonly Px[], { width, height }: Size, near: Px | null): Px[] {
  if (part.length < 3) return [];
  const [xs, ys] = [part.map(({ x }) => x), part.map(({ y }) => y)];
  const left = Math.min(...xs) + width / 2;
  const top = Math.min(...ys) + height / 2;
  const across = Math.max(...xs) - width / 2 - left;
  const down = Math.max(...ys) - height / 2 - top;
  if (across < 0 || down < 0) return [];
  const middle = { x: left + across / 2, y: top + down / 2 };
  const places: Px[] = [];
  for (let column = 0; column <= STEPS; column += 1) {
    for (let row = 0; row <= STEPS; row += 1) {
      places.push({ x: left + (across * column) / STEPS, y: top + (down * row) / STEPS });
    }
  }
  const distance = ({ x, y }: Px): number => Math.hypot(x - middle.x, y - middle.y);
  places.sort((one, other) => distance(one) - distance(other));
  return near ? [near, ...places] : places;
}

/** Whether a name's middle and both its ends lie in the area; its corners may reach over the outline. */
function fits(part: readonly Px[], { x, y }: Px, { width }: Size): boolean {
  return [x - width / 2, x, x + width / 2].every((each) => isInside(part, { x: each, y }));
}

function isInside(ring: readonly Px[], { x, y }: Px): boolean {
  let inside = false;
  ring.forEach((to, index) => {
    const from = ring[(index || ring.length) - 1] ?? to;
    if (from.y > y !== to.y > y && x < from.x + ((y - from.y) / (to.y - from.y)) * (to.x - from.x)) inside = !inside;
  });
  return inside;
}

function isWithin(outer: Box, inner: Box): boolean {
  return inner.left >= outer.left && inner.top >= outer.top && inner.right <= outer.right && inner.bottom <= outer.bottom;
}

function hits(box: Box, others: readonly Box[]): boolean {
  return others.some(
    ({ left, top, right, bottom }) => box.left < right && left < box.right && box.top < bottom && top < box.bottom,
  );
}

/** The part of an outline within a box: cut at its four sides, one after the other. */
function clipped(ring: readonly Px[], { left, top, right, bottom }: Box): Px[] {
  const sides: [(point: Px) => number][] = [
    [({ x }) => x - left], [({ x }) => right - x], [({ y }) => y - top], [({ y }) => bottom - y],
  ];
  return sides.reduce<Px[]>((part, [depth]) => cut(part, depth), [...ring]);
}

function cut(ring: readonly Px[], depth: (point: Px) => number): Px[] {
  return ring.flatMap((to, index) => {
    const from = ring[(index || ring.length) - 1] ?? to;
    const [before, after] = [depth(from), depth(to)];
    if (before >= 0 === after >= 0) return after >= 0 ? [to] : [];
    const share = before / (before - after);
    const edge = { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) };
    return after >= 0 ? [edge, to] : [edge];
  });
}
