/** Security keys: hands a challenge of the page to the browser and sends back what the key signed. */
import { start } from "../alive";

type Ids = { id: string; type: "public-key" }[];
interface Options {
  challenge: string;
  user?: { id: string };
  allowCredentials?: Ids;
  excludeCredentials?: Ids;
}

function bytes(text: string): ArrayBuffer {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0)).buffer;
}

function text(buffer: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function withBytes(ids: Ids | undefined): PublicKeyCredentialDescriptor[] {
  return (ids ?? []).map((each) => ({ ...each, id: bytes(each.id) }));
}

/** Ask the key, to be made known ("create") or to sign ("get"); the answer as JSON of WebAuthn's own shape. */
async function ask(deed: string, said: Options): Promise<string> {
  const common = { ...said, challenge: bytes(said.challenge) };
  const credential = (
    deed === "create"
      ? await navigator.credentials.create({
          publicKey: {
            ...common,
            user: { ...said.user, id: bytes(said.user?.id ?? "") },
            excludeCredentials: withBytes(said.excludeCredentials),
          } as PublicKeyCredentialCreationOptions,
        })
      : await navigator.credentials.get({
          publicKey: { ...common, allowCredentials: withBytes(said.allowCredentials) } as PublicKeyCredentialRequestOptions,
        })
  ) as PublicKeyCredential | null;
  if (credential === null) throw new Error("no key answered");
  const response: Record<string, string> = { clientDataJSON: text(credential.response.clientDataJSON) };
  if (credential.response instanceof AuthenticatorAttestationResponse) {
    response["attestationObject"] = text(credential.response.attestationObject);
  } else if (credential.response instanceof AuthenticatorAssertionResponse) {
    response["authenticatorData"] = text(credential.response.authenticatorData);
    response["signature"] = text(credential.response.signature);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
}

function startKey(form: HTMLElement): void {
  if (!(form instanceof HTMLFormElement)) return;
  const answer = form.querySelector<HTMLInputElement>('input[name="answer"]');
  const failed = form.querySelector<HTMLElement>("[data-key-failed]");
  form.addEventListener("submit", (event) => {
    if (answer === null || answer.value !== "") return;
    event.preventDefault();
    event.stopImmediatePropagation(); // it is not on its way yet
    if (failed) failed.hidden = true;
    ask(form.dataset["key"] ?? "", JSON.parse(form.dataset["keyOptions"] ?? "{}") as Options)
      .then((said) => {
        answer.value = said;
        form.requestSubmit();
      })
      .catch(() => {
        if (failed) failed.hidden = false;
      });
  });
}

start("form[data-key]", startKey);
