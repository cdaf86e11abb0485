/** Adds up a metric over the last `interval`, in ten steps: the window reaches back 90 to 100 % of it. */

const STEPS = 10;
const MAX_UIDS = 50;

export interface Window {
  /** Number of the newest step since the epoch, and what each step brought. */
  step: number;
  sums: number[];
  /** Start of the oldest step that still counts something, ms. */
  from: number;
  /** The deciding connections, latest last. */
  uids: string[];
  /** Smallest chance among the observations. */
  probability: number;
}

export const newWindow = (time: number): Window => ({
  step: Number.NEGATIVE_INFINITY,
  sums: new Array<number>(STEPS).fill(0),
  from: time,
  uids: [],
  probability: 1,
});

/** Adds `size` at `time` (ms); returns the sum over the window of `interval` ms. Older times count into the newest step. */
export function add(
  window: Window,
  time: number,
  interval: number,
  size: number,
  uid: string,
  probability: number,
): number {
  const width = Math.max(1, interval / STEPS);
  const step = Math.floor(time / width);
  if (step > window.step) moveTo(window, step, time, width);
  window.sums[mod(window.step)]! += size;
  if (probability < window.probability) window.probability = probability;
  if (uid !== '' && window.uids[window.uids.length - 1] !== uid) {
    window.uids.push(uid);
    if (window.uids.length > MAX_UIDS) window.uids.shift();
  }
  let sum = 0;
  for (const part of window.sums) sum += part;
  return sum;
}

const mod = (step: number): number => ((step % STEPS) + STEPS) % STEPS;

function moveTo(window: Window, step: number, time: number, width: number): void {
  if (step - window.step >= STEPS) {
    window.sums.fill(0);
    window.uids.length = 0;
    window.from = time;
    window.probability = 1;
  } else {
    for (let s = window.step + 1; s <= step; s++) window.sums[mod(s)] = 0;
    window.from = Math.max(window.from, (step - STEPS + 1) * width);
  }
  window.step = step;
}
