/** On the sign-in page: whoever was signed in before is not any more, so what their phone kept of cases goes. */
import { start } from "../alive";

start("[data-forget]", () => {
  if (!("indexedDB" in window)) return;
  const asked = indexedDB.open("linli-phone");
  asked.onupgradeneeded = () => { asked.transaction?.abort(); }; // there was nothing: make nothing
  asked.onerror = (event) => { event.preventDefault(); };
  asked.onsuccess = () => {
    const kept = asked.result;
    if (kept.objectStoreNames.contains("kept")) kept.transaction("kept", "readwrite").objectStore("kept").clear();
    kept.close();
  };
});
