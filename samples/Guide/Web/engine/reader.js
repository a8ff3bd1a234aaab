// Reads formulas: statements `name = expression` or `expression`, parted by `;` or line ends; the last one is the result.
// A name that was not defined is an input. Precedence, loosest first: + −, · ÷, sign, ^ (from the right).

class FormulaError extends Error {
  constructor(column, message) {
    super(`Column ${column}: ${message}`);
    this.column = column;
  }
}

const signs = { "*": "·", "×": "·", "·": "·", "÷": "/", "/": "/", "−": "-", "-": "-", "+": "+", "^": "^", "(": "(", ")": ")", ",": ",", "=": "=", ";": ";", "\n": ";" };

function tokens(text) {
  const found = [];
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const space = /^[^\S\n]+/.exec(rest);
    const number = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?/i.exec(rest);
    const name = /^[\p{L}_][\p{L}\p{N}_]*/u.exec(rest);
    if (space) at += space[0].length;
    else if (number) found.push({ kind: "number", text: number[0], at }), (at += number[0].length);
    else if (name) found.push({ kind: "name", text: name[0], at }), (at += name[0].length);
    else if (signs[rest[0]]) found.push({ kind: signs[rest[0]], text: rest[0] === "\n" ? "the end of the line" : rest[0], at: at++ });
    else throw new FormulaError(at + 1, `“${String.fromCodePoint(rest.codePointAt(0))}” is not part of a formula; expected a number, a name, an operation or a parenthesis.`);
  }
  found.push({ kind: "end", text: "the end", at: text.length });
  return found;
}

function read(text) {
  const list = tokens(text);
  const names = new Map();
  const inputs = new Map();
  let next = 0, depth = 0;

  const peek = () => list[next].kind;
  const fail = (token, expected) => {
    const shown = token.kind === "end" || token.text.startsWith("the ") ? token.text : `“${token.text}”`;
    throw new FormulaError(token.at + 1, `expected ${expected}, found ${shown}.`);
  };
  const take = (kind, expected) => (peek() === kind ? list[next++] : fail(list[next], expected));

  function sum() {
    let left = product();
    while (peek() === "+" || peek() === "-") {
      left = make(list[next++].kind === "+" ? "add" : "subtract", [left, product()]);
    }
    return left;
  }

  function product() {
    let left = signed();
    while (peek() === "·" || peek() === "/") {
      left = make(list[next++].kind === "·" ? "multiply" : "divide", [left, signed()]);
    }
    return left;
  }

  function signed() {
    if (peek() !== "-") return power();
    next++;
    const minus = deeper(signed);
    return minus.operation === "constant" && !minus.closed ? constant(-minus.number) : make("negate", [minus]);
  }

  function power() {
    const base = atom();
    if (peek() !== "^") return base;
    next++;
    const exponent = deeper(signed);
    const whole = exponent.operation === "constant" && rows.has(`pow:${exponent.number}`);
    return whole ? make(`pow:${exponent.number}`, [base]) : make("power", [base, exponent]);
  }

  function atom() {
    const token = list[next];
    if (token.kind === "number") return next++, constant(Number(token.text));
    if (token.kind === "(") {
      next++;
      const inner = deeper(sum);
      take(")", "an operation or “)”");
      return inner.operation === "constant" ? { ...inner, closed: true } : inner;
    }
    if (token.kind !== "name") fail(token, "a number, a name or “(”");
    next++;
    return peek() === "(" ? call(token) : named(token);
  }

  function call(token) {
    const row = functions.get(token.text);
    if (!row) {
      const like = [...functions.keys()].filter(name => name[0] === token.text[0].toLowerCase());
      throw new FormulaError(token.at + 1, `there is no function “${token.text}”; ${like.length ? `those with ${token.text[0].toLowerCase()} are ${like.join(", ")}` : `there are ${[...functions.keys()].slice(0, 8).join(", ")} and more`}.`);
    }
    next++;
    const operands = [deeper(sum)];
    while (peek() === ",") next++, operands.push(deeper(sum));
    if (operands.length !== row.arity) {
      throw new FormulaError(list[next].at + 1, `${token.text} takes ${row.arity} operand${row.arity === 1 ? "" : "s"}, found ${operands.length}.`);
    }
    take(")", operands.length < row.arity ? "“,”" : "an operation or “)”");
    return make(row.operation, operands);
  }

  function named(token) {
    if (names.has(token.text)) return names.get(token.text);
    if (functions.has(token.text)) throw new FormulaError(token.at + token.text.length + 1, `expected “(”: ${token.text} is a function.`);
    if (!inputs.has(token.text)) inputs.set(token.text, { operation: "variable", name: token.text, inputs: [] });
    return inputs.get(token.text);
  }

  function deeper(part) {
    if (++depth > 60) throw new FormulaError(list[next].at + 1, "parentheses and signs are nested more than 60 deep; name a part of it.");
    const result = part();
    depth--;
    return result;
  }

  let result = null;
  while (peek() !== "end") {
    if (peek() === ";") { next++; continue; }
    const target = peek() === "name" && list[next + 1].kind === "=" ? list[next] : null;
    if (target) {
      if (functions.has(target.text)) throw new FormulaError(target.at + 1, `${target.text} is a function; choose another name.`);
      if (inputs.has(target.text)) throw new FormulaError(target.at + 1, `${target.text} was used above as an input, so it cannot be defined here.`);
      next += 2;
    }
    result = sum();
    if (peek() !== ";" && peek() !== "end") fail(list[next], "an operation, “;” or the end");
    if (target) {
      if (result.operation !== "constant" && result.operation !== "variable" && !result.name) result.name = target.text;
      names.set(target.text, result);
    }
  }
  if (!result) throw new FormulaError(1, "expected a formula, found nothing.");
  return graphOf(result);

  function make(operation, operands) { return { operation, inputs: operands, name: null }; }
  function constant(number) { return { operation: "constant", number, inputs: [] }; }
}
