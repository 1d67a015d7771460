// Supabase Lite over our own PostgreSQL, with what version 0.10.0 gets wrong put right.
// tests/stack/test_repairs.py has a test for each repair, which fails without it.
import { appendFileSync } from "node:fs";

import { createPostgresConnection } from "@supabase/lite/postgres";

const env = process.env;

// --- Values on their way in and out -------------------------------------------------------------------------------

// Postgres prints "2026-11-23 08:15:00+00"; supabase-py refuses an offset without minutes. PostgREST writes RFC 3339.
const rfc3339 = (text) => text.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00");

// Lite hands over JSON as text already; encoding it again would store a string where an object belongs.
const encodeJson = (value) => (typeof value === "string" ? value : JSON.stringify(value));

const type = (oid, serialize, parse) => ({ to: oid, from: [oid], serialize, parse });

const connection = createPostgresConnection({
  url: env.SIXFOLD_STACK_DATABASE_URL,
  postgresOptions: {
    max: 10,
    onnotice: () => {}, // a RAISE NOTICE may carry values
    connection: { statement_timeout: 8000 }, // what a hosted project allows a signed-in person
    types: {
      timestamptz: type(1184, (value) => value, rfc3339),
      numeric: type(1700, String, Number), // Lite answers with text when the number is long
      json: type(114, encodeJson, JSON.parse),
      jsonb: type(3802, encodeJson, JSON.parse),
    },
  },
});

// --- Rights -------------------------------------------------------------------------------------------------------

// Lite would GRANT ALL on every table to anon and authenticated at its first request, undoing our REVOKEs. Roles and
// the start state of a hosted project come from hosted_start.sql instead; what is left to say is "yes, use the role".
connection.ensureRlsContext = async () => true;

// Arrays of our own enum types have numbers that only the database knows; unparsed, Lite would answer "{a,b}" as text.
const learnEnumArrays = async () => {
  for (const { typarray } of await connection.driver`select typarray from pg_type where typtype = 'e'`)
    connection.driver.options.parsers[typarray] = (text) => (text === "{}" ? [] : text.slice(1, -1).split(","));
};

// As on hosted projects, `notify pgrst, 'reload schema'` makes tables, types and functions of a new migration known.
const onSchemaChange = async () => {
  await learnEnumArrays();
  connection.clearSchemaCache();
};
await connection.driver.listen("pgrst", onSchemaChange, learnEnumArrays);

// --- Errors -------------------------------------------------------------------------------------------------------

// Lite knows what to answer for these; every other code it turns into a nameless 500.
const KNOWN_TO_LITE = /^(PGRST|PT...|42...|22...|21...|25006|2350[235])$/;

// PostgREST's table of SQLSTATEs and HTTP statuses; whatever is not in it, codes of our own included, is a 400.
const STATUS = [
  [/^08|^53(?!400)/, 503],
  [/^(0L|0P|28)/, 403],
  [/^(09|25|2D|38|39|3B|40|53400|54|55|57|58|F0|HV|XX)/, 500],
  [/^P0(?!001)/, 500],
];
const statusOf = (code) => STATUS.find(([pattern]) => pattern.test(code))?.[1] ?? 400;

// Lite passes an error on word for word when it looks like PostgREST's own RAISE SQLSTATE 'PGRST'.
const asPostgrestWould = (error) =>
  Object.assign(
    new Error(
      JSON.stringify({
        code: error.code,
        message: error.message,
        details: error.detail ?? null,
        hint: error.hint ?? null,
      }),
    ),
    { code: "PGRST", detail: JSON.stringify({ status: statusOf(error.code), headers: {} }), reported: error },
  );

const normalize = connection.normalizeDbError.bind(connection);
connection.normalizeDbError = (error) => {
  const normal = normalize(error);
  const code = normal?.code;
  return /^[0-9A-Z]{5}$/.test(code ?? "") && !KNOWN_TO_LITE.test(code) ? asPostgrestWould(normal) : normal;
};

// Lite logs every database error, and messages like "Failing row contains (…)" carry what somebody typed. The log
// keeps what an operator needs: the code and where it happened.
const withoutValues = (value) => {
  if (!(value instanceof Error)) return value;
  const { code, schema_name, table_name, constraint_name, stack, message, name } = value.reported ?? value;
  if (!code) return stack?.replace(message, "(message left out)") ?? name;
  const where = [schema_name, table_name, constraint_name].filter(Boolean).join(".");
  return where ? `database error ${code} at ${where}` : `database error ${code}`;
};
for (const level of ["error", "warn"]) {
  const write = console[level].bind(console);
  console[level] = (...values) => write(...values.map(withoutValues));
}

// --- Mail ---------------------------------------------------------------------------------------------------------

// Codes by mail go to a file that only its owner reads; Lite would print them on the terminal.
const email = {
  async send({ to, subject, text }) {
    const code = /\b\d{6}\b/.exec(text ?? "")?.[0] ?? null;
    const line = JSON.stringify({ sent_at: new Date().toISOString(), to, subject, code });
    appendFileSync(env.SIXFOLD_STACK_MAIL_FILE, line + "\n", { mode: 0o600 });
  },
};

// A code that /otp mailed is told by type "email" on hosted projects, whether the account is new or not. Lite has only
// the older word for it.
const codesByTheirNewName = async (context, next) => {
  const { method, url, headers } = context.req.raw;
  if (method === "POST" && context.req.path === "/auth/v1/verify") {
    const asked = await context.req.raw.text();
    const body = asked.replace(/"type":\s*"email"/, '"type":"magiclink"');
    context.req.raw = new Request(url, { method, headers, body });
  }
  return next();
};

// --- Doors --------------------------------------------------------------------------------------------------------

// /_system/info tells anyone the database's address and password.
const onlyPing = async (context, next) =>
  context.req.path.startsWith("/_system/") && context.req.path !== "/_system/ping"
    ? context.json({ message: "not found" }, 404)
    : next();

export default {
  connection,
  options: {
    drivers: { email },
    server: { admin: false, disableStudio: true, middlewares: [onlyPing, codesByTheirNewName] },
  },
  api: { port: Number(env.SIXFOLD_STACK_API_PORT) },
  db: { driver: "postgres", url: env.SIXFOLD_STACK_DATABASE_URL },
  auth: {
    enabled: true,
    jwt_secret: env.SIXFOLD_STACK_JWT_SECRET,
    jwt_expiry: Number(env.SIXFOLD_STACK_JWT_EXPIRY),
    publishable_key: env.SIXFOLD_STACK_PUBLISHABLE_KEY,
    secret_key: env.SIXFOLD_STACK_SECRET_KEY,
    site_url: env.SIXFOLD_STACK_SITE_URL,
    additional_redirect_urls: [`${env.SIXFOLD_STACK_SITE_URL}/**`],
    enable_signup: true,
    email: { enable_confirmations: false },
  },
};
