// Calls the service as an EHR that is built with @medplum/core does: discovery, prefetch, call.
// Reads JSON from standard input: the addresses `base` (of Medplum; nothing is there), `cds` and `fhir`, `hook`,
// `context`, and `leaveOut`, prefetch keys that are not sent. Writes JSON: the `services`, the `request` that was
// built and the `answer`, or the OperationOutcome that a step failed with as `refused`, and every fetch as `fetched`.
import { text } from 'node:stream/consumers';

// The library names WebSocket when it is loaded, and Node 20 has none. It is not used here.
globalThis.WebSocket ??= class extends EventTarget {};
const { MedplumClient, OperationOutcomeError, buildCdsRequest } = await import('@medplum/core');

const { base, cds, fhir, hook, context, leaveOut } = JSON.parse(await text(process.stdin));
const done = { fetched: [] };

function fetchAndNote(url, options) {
  done.fetched.push(`${options.method} ${url}`);
  return fetch(url, options);
}

const medplum = new MedplumClient({ baseUrl: base, fhirUrlPath: fhir, cdsServicesUrl: cds, fetch: fetchAndNote });
const [resourceType, id] = context.userId.split('/');
try {
  done.services = (await medplum.getCdsServices()).services;
  const service = done.services.find((one) => one.hook === hook);
  done.request = await buildCdsRequest(medplum, { resourceType, id }, service, context);
  for (const key of leaveOut) {
    delete done.request.prefetch[key];
  }
  done.answer = await medplum.callCdsService(service.id, done.request);
} catch (error) {
  if (!(error instanceof OperationOutcomeError)) {
    throw error;
  }
  done.refused = error.outcome;
}
process.stdout.write(JSON.stringify(done));
