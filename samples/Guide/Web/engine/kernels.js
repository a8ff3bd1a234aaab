// What each operation does to numbers. How it differentiates is not said here: the rules come from the library's own
// declarations, as data (see operations.js).

const truth = condition => (condition ? 1 : 0);

// Σ of positive terms, so nothing cancels: erf x = 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (1·3·…·(2n+1)).
function erf(x) {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x, sum = x;
  for (let n = 1; n < 400 && Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

// The tail by a continued fraction, where 1 − erf would cancel.
function erfc(x) {
  if (x < 2) return 1 - erf(x);
  let tail = 0;
  for (let n = 120; n > 0; n--) tail = n / 2 / (x + tail);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + tail);
}

// Stirling's series far out; nearer arguments are shifted there.
function lgamma(x) {
  if (x <= 0) {
    return Number.isInteger(x) ? Infinity : Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - lgamma(1 - x);
  }
  let product = 1;
  while (x < 15) product *= x++;
  const r = 1 / (x * x);
  const series = (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r / 1188)))) / x;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product);
}

function digamma(x) {
  if (x <= 0) return Number.isInteger(x) ? NaN : digamma(1 - x) - Math.PI / Math.tan(Math.PI * x);
  let sum = 0;
  while (x < 15) sum -= 1 / x++;
  const r = 1 / (x * x);
  return sum + Math.log(x) - 0.5 / x - r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r / 132))));
}

const logistic = x => 1 / (1 + Math.exp(-x));
const logaddexp = (x, y) => (x === y ? x + Math.LN2 : Math.max(x, y) + Math.log1p(Math.exp(-Math.abs(x - y))));

// By repeated products, as the library takes whole powers.
function wholePower(x, n) {
  let result = 1;
  for (let i = Math.abs(n); i > 0; i--) result *= x;
  return n < 0 ? 1 / result : result;
}

const kernels = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
  divide: (x, y) => x / y,
  negate: x => -x,
  power: (x, y) => Math.pow(x, y),
  abs: Math.abs,
  sign: Math.sign,
  sqrt: Math.sqrt,
  cbrt: Math.cbrt,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  log2: Math.log2,
  log10: Math.log10,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  atan2: Math.atan2,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  hypot: Math.hypot,
  logistic,
  relu: x => (x > 0 ? x : 0),
  softplus: x => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  maximum: Math.max,
  minimum: Math.min,
  logaddexp,
  share: (x, y) => logistic(x - y),
  erf,
  erfc,
  lgamma,
  digamma,
  equal: (x, y) => truth(x === y),
  "not equal": (x, y) => truth(x !== y),
  greater: (x, y) => truth(x > y),
  less: (x, y) => truth(x < y),
  "greater or equal": (x, y) => truth(x >= y),
  "less or equal": (x, y) => truth(x <= y),
  select: (condition, x, y) => (condition !== 0 ? x : y),
};

const comparisons = new Set(["equal", "not equal", "greater", "less", "greater or equal", "less or equal"]);

// "pow:3" is the third power; everything else has a name.
function apply(operation, operands) {
  return operation.startsWith("pow:")
    ? wholePower(operands[0], Number(operation.slice(4)))
    : kernels[operation](...operands);
}
