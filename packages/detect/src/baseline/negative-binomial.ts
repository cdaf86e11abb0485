/**
 * Tail and quantiles of the negative binomial distribution: counts whose rate itself varies (gamma mixture of Poisson).
 * The tail is a regularised incomplete beta function, by the continued fraction of Abramowitz and Stegun 26.5.8.
 */

const LANCZOS = [
  76.18009172947146, -86.50532032941678, 24.01409824083091, -1.231739572450155, 0.1208650973866179e-2,
  -0.5395239384953e-5,
];

/** Logarithm of the gamma function for positive x (Lanczos; error below 2e-10). */
export function logGamma(x: number): number {
  let series = 1.000000000190015;
  for (let i = 0; i < 6; i++) series += LANCZOS[i]! / (x + 1 + i);
  const t = x + 5.5;
  return (x + 0.5) * Math.log(t) - t + Math.log((2.5066282746310007 * series) / x);
}

const TINY = 1e-300;
/** Enough for means up to 1e5; beyond, the normal approximation takes over. */
const MAX_STEPS = 500;

function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  d = 1 / (Math.abs(d) < TINY ? TINY : d);
  let h = d;
  for (let m = 1; m <= MAX_STEPS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 + even * d;
    d = 1 / (Math.abs(d) < TINY ? TINY : d);
    c = 1 + even / c;
    if (Math.abs(c) < TINY) c = TINY;
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 + odd * d;
    d = 1 / (Math.abs(d) < TINY ? TINY : d);
    c = 1 + odd / c;
    if (Math.abs(c) < TINY) c = TINY;
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < 1e-9) break;
  }
  return h;
}

/** Logarithm of the regularised incomplete beta function I_x(a, b). */
function logBeta(x: number, a: number, b: number): number {
  const front = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  if (x < (a + 1) / (a + b + 2)) return front + Math.log(betaFraction(x, a, b) / a);
  return Math.log(Math.max(TINY, 1 - (Math.exp(front) * betaFraction(1 - x, b, a)) / b));
}

/**
 * -ln of the chance of a count of `x` or more where `mean` is usual, with dispersion `r` (variance mean + mean²/r).
 * 0 for counts of 0. Large means use the normal tail, which has the same variance.
 */
export function surpriseOf(x: number, mean: number, r: number): number {
  if (x <= 0) return 0;
  const mu = Math.max(mean, 1e-6);
  if (x > 1e5) return normalSurprise((x - mu) / Math.sqrt(mu + (mu * mu) / r));
  return Math.max(0, -logBeta(mu / (mu + r), x, r));
}

/** -ln of the upper tail of the standard normal distribution; Mills ratio above 5. */
function normalSurprise(z: number): number {
  if (z <= 0) return 0.7;
  if (z > 5) return (z * z) / 2 + Math.log(z * 2.5066282746310007);
  return -Math.log(0.5 * Math.exp(-0.717 * z - 0.416 * z * z));
}

/**
 * Quantile for the standard normal value `z` (-1.645, 0, 1.645 for 5, 50 and 95 %), by the Wilson-Hilferty form of the
 * gamma distribution with the same mean and variance: for drawing bands, not for tests.
 */
export function quantileOf(z: number, mean: number, r: number): number {
  if (mean <= 0) return 0;
  const shape = (mean * r) / (mean + r);
  const root = 1 - 1 / (9 * shape) + z / (3 * Math.sqrt(shape));
  return root <= 0 ? 0 : mean * root ** 3;
}
