// What a page was made to do: every write to storage, every cookie, every socket, every breach of
// its Content-Security-Policy.

/** Watches a page from before its first script on. */
export function watchPage(page) {
  return page.evaluateOnNewDocument(() => {
    const touched = (globalThis.__touched = []);
    const wrap = (of, name, what) => {
      const original = of[name];
      of[name] = function (...given) {
        touched.push(`${what}.${name} ${String(given[0]).slice(0, 80)}`);
        return original.apply(this, given);
      };
    };
    for (const name of ["setItem", "removeItem", "clear"]) wrap(Storage.prototype, name, "storage");
    wrap(IDBFactory.prototype, "open", "indexedDB");
    if (globalThis.CacheStorage) wrap(CacheStorage.prototype, "open", "caches");
    const cookie = Object.getOwnPropertyDescriptor(Document.prototype, "cookie");
    Object.defineProperty(Document.prototype, "cookie", {
      ...cookie,
      set(value) {
        touched.push(`cookie ${value}`);
        cookie.set.call(this, value);
      },
    });
    for (const name of ["WebSocket", "EventSource", "Worker", "SharedWorker"]) {
      globalThis[name] = new Proxy(globalThis[name], {
        construct(target, given, self) {
          touched.push(`new ${name} ${given[0]}`);
          return Reflect.construct(target, given, self);
        },
      });
    }
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) =>
      touched.push(`violation ${violatedDirective} ${blockedURI} ${sample}`));
  });
}

/** What was seen so far, in its order. */
export function touched(page) {
  return page.evaluate(() => [...globalThis.__touched]);
}
