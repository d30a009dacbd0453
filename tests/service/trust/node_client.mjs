// A CDS client written with Node's own crypto: prints a key set and an Authorization header for each algorithm.
import { createSign, constants, generateKeyPairSync, randomUUID } from "node:crypto";

const [audience, issuer, now] = process.argv.slice(2);
const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const pairs = {
  ES384: generateKeyPairSync("ec", { namedCurve: "P-384" }),
  RS384: generateKeyPairSync("rsa", { modulusLength: 2048 }),
};
const keys = Object.entries(pairs).map(([alg, pair]) => ({
  ...pair.publicKey.export({ format: "jwk" }), kid: alg, alg, use: "sig",
}));
const headers = Object.entries(pairs).map(([alg, pair]) => {
  const claims = { iss: issuer, aud: audience, iat: Number(now), exp: Number(now) + 300, jti: randomUUID() };
  const message = `${encode({ alg, kid: alg, typ: "JWT" })}.${encode(claims)}`;
  const key = { key: pair.privateKey, dsaEncoding: "ieee-p1363", padding: constants.RSA_PKCS1_PADDING };
  return `Bearer ${message}.${createSign("sha384").update(message).sign(key, "base64url")}`;
});
console.log(JSON.stringify({ keys, headers }));
