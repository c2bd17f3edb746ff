/*
 * The loader: draws the launcher, and fetches the widget once the visitor opens it (or has a chat
 * running). README.md beside this file says what it owns and what it asks of the widget.
 *
 * Before the visitor acts it reads one storage key and does nothing else: no write, no request, no
 * socket. It must never harm the page, so nothing it throws leaves it. No string becomes markup.
 *
 * Three kilobytes with everything: weigh what is added.
 */
// A block of its own: the page's names stay free, and the tag may stand there twice.
{
  const safely = (run) => (...given) => {
    try {
      run(...given);
    } catch (error) {
      console.error("Frontdesk:", error);
    }
  };

  safely(() => {
    // Only while the script runs; null in a module, so looked for then.
    const script = document.currentScript || document.querySelector('script[src*="/frontdesk.js"]');
    const settings = { ...__FRONTDESK_CONFIG__, ...script.dataset };
    const { site, label } = settings;
    const base = new URL(".", script.src).href.slice(0, -1);

    const CHAT = "M4 5h16v11H9l-5 4z";
    const CROSS = "M6 6l12 12M18 6L6 18";

    /** Whether a command still does something. */
    let destroyed;
    /** The fetch and start of an instance that is under way. */
    let loading;
    /** The element the running instance was mounted into; also what tells it from one that died. */
    let tree;
    /** The running instance's module, where that came from, and what its `mount` returned. */
    let widget, source, handle;
    /** How many instances died by a trap. */
    let deaths = 0;

    const host = document.createElement("front-desk");
    const shadow = host.attachShadow({ mode: "open" });
    /** Ends our listeners on the window. */
    const life = new AbortController();

    const warn = (...words) => console.error("Frontdesk:", ...words);

    const make = (parent, name, attributes, text = "") => {
      const element = document.createElement(name);
      for (const key in attributes) element.setAttribute(key, attributes[key]);
      element.append(text);
      parent.append(element);
      return element;
    };

    const draw = (parent, shape) => {
      const svg = (parent, name, attributes) => {
        const element = document.createElementNS("http://www.w3.org/2000/svg", name);
        for (const key in attributes) element.setAttribute(key, attributes[key]);
        parent.append(element);
        return element;
      };
      return svg(svg(parent, "svg", { viewBox: "0 0 24 24", "aria-hidden": true }), "path", { d: shape });
    };

    // The text on the brand colour is white if that is readable (WCAG: 4.5 to 1), else black, which
    // then is: where white has less than 4.5, black has more than 4.6.
    const brand = /^#[0-9a-f]{6}$/i.test(settings.brand) ? settings.brand : "#3554d1";
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const part = parseInt(brand.slice(at, at + 2), 16) / 255;
      return part > 0.04045 ? ((part + 0.055) / 1.055) ** 2.4 : part / 12.92;
    });
    const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    const onBrand = 1.05 / (luminance + 0.05) < 4.5 ? "#000" : "#fff";

    // Everything is named by `part`, so that it neither meets the widget's own rules in the same
    // shadow root nor is out of the page's reach. Transparent borders show in forced colours.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
:host{all:initial;position:fixed;z-index:2147483000;font:14px/1.45 system-ui,sans-serif;--fd-brand:${brand};--fd-on-brand:${onBrand};--l-bg:#fff;--l-text:#171a24;--l-bone:#e9ebf3}
[part=launcher],[part=panel]{position:fixed;box-sizing:border-box;inset-inline:auto 16px;padding:0;border:1px solid transparent;box-shadow:0 12px 40px #1418282e,0 2px 8px #14182814}
[part=launcher]{inset-block:auto 16px;width:60px;height:60px;border-radius:50%;background:var(--fd-brand);color:var(--fd-on-brand);cursor:pointer}
[part=launcher]:focus-visible{outline:2px solid var(--fd-on-brand);outline-offset:-6px}
[part=launcher] svg,[part=wait] svg{width:26px;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round;vertical-align:middle}
[part=badge]{position:absolute;inset-block-start:-4px;inset-inline-end:-4px;min-width:20px;padding:0 5px;border:1px solid transparent;box-sizing:border-box;border-radius:10px;background:#c5221f;color:#fff;font:700 12px/20px system-ui,sans-serif}
[part=badge]:empty{display:none}
[part=panel]{inset-block:auto 92px;margin:0;width:384px;height:640px;max-width:calc(100vw - 32px);max-height:calc(100dvh - 108px);overflow:hidden;border-radius:16px;background:var(--l-bg);color:var(--l-text)}
[part=panel]::backdrop{background:none}
[part=body]{height:100%}
[part=wait]{position:absolute;inset:0;display:flex;flex-direction:column;gap:12px;padding:0 16px}
[part=wait][hidden]{display:none}
[part=wait] header{display:flex;align-items:center;justify-content:space-between;margin:0 -16px 4px;padding:14px 12px 14px 16px;border-block-end:1px solid var(--l-bone);font-weight:600;font-size:15px}
[part=wait] i{width:70%;height:40px;border-radius:18px;background:var(--l-bone)}
[part=wait] i:nth-of-type(even){width:50%;align-self:end}
[part=wait] p{margin:auto auto 0}
[part=wait] button{padding:12px 20px;border:1px solid transparent;border-radius:12px;background:var(--fd-brand);color:var(--fd-on-brand);font:inherit;cursor:pointer}
[part=wait] p+button{margin:0 auto auto}
[part=wait] p:last-child{margin:auto auto 16px}
[part=wait] header button{padding:4px;background:none;color:inherit}
[part=wait] :focus-visible{outline:2px solid;outline-offset:2px}
@media(max-width:480px){[part=panel]{inset:var(--l-top,0) 0 auto;width:100%;height:var(--l-height,100dvh);max-width:none;max-height:none;border:0;border-radius:0}}
@media(prefers-color-scheme:dark){:host{--l-bg:#14161d;--l-text:#eceef6;--l-bone:#232735}}
@media(prefers-reduced-motion:no-preference){[part=panel][open]{animation:l-in .18s ease-out}[part=wait] i{animation:l-wait 1s infinite alternate}}
@keyframes l-in{from{opacity:0;transform:translateY(12px)}}
@keyframes l-wait{to{opacity:.5}}
@media print{:host{display:none}}`);
    shadow.adoptedStyleSheets = [sheet];

    const launcher = make(shadow, "button", {
      part: "launcher", type: "button", "aria-label": label, "aria-expanded": false, "aria-controls": "panel",
    });
    const icon = draw(launcher, CHAT);
    const badge = make(launcher, "span", { part: "badge" });
    const panel = make(shadow, "dialog", { part: "panel", id: "panel", "aria-label": label });

    /** What the panel shows until the widget is there: bones, or what went wrong. */
    const wait = make(panel, "div", { part: "wait" });
    const showWait = (failed) => {
      wait.textContent = "";
      wait.hidden = false;
      const cross = make(make(wait, "header", {}, label), "button", { type: "button", "aria-label": "Close" });
      draw(cross, CROSS);
      cross.onclick = close;
      if (failed) {
        make(wait, "p", { role: "alert" }, "The chat could not be loaded.");
        make(wait, "button", { type: "button" }, "Try again").onclick = load;
      } else {
        for (let bones = 4; bones--; ) make(wait, "i");
        make(wait, "p", { role: "status" }, "Loading…");
      }
    };

    /** Calls the widget. What it throws is a trap: the instance is dead. */
    const tell = (command, given) => {
      try {
        handle?.[command](given);
      } catch (error) {
        died(tree, error);
      }
    };

    /** An instance is dead: a fresh one is started once, later ones by the visitor. */
    const died = (mine, reason) => {
      if (destroyed || mine != tree) return;
      warn(reason);
      // Its listeners and timers still call in.
      widget.silence();
      tree.remove();
      tree = handle = loading = 0;
      showWait(1);
      if (!deaths++) load();
    };

    const load = () => {
      loading ||= start().catch((error) => {
        loading = 0;
        warn(error);
        if (!destroyed) showWait(1);
      });
    };

    const ask = () => fetch(`${base}/v1/Sites/${site}`, { credentials: "omit" });

    const start = async () => {
      showWait();
      // A fresh address gives a fresh module, whose state knows nothing of the dead one's.
      source = `${base}/${settings.widget_js}${deaths ? "?r=" + deaths : ""}`;
      const [module, wasm, answer] = await Promise.all([
        import(source),
        fetch(`${base}/${settings.widget_wasm}`),
        // A refused Origin may have no answer that we can read, only a network error.
        ask().catch(() => ({ status: 403 })),
      ]);
      if (!answer.ok) {
        throw answer.status == 403
          ? `${origin} may not use site ${site}, or ${base} is out of reach. Allow it on the server: frontdesk site add --origin ${origin} --site ${site}`
          : `${answer.url} answered ${answer.status}`;
      }
      const config = await answer.text();
      await module.default({ module_or_path: wasm });
      if (destroyed) return;
      widget = module;
      const mine = (tree = make(panel, "div", { part: "body" }));
      const onState = (state) => {
        if (mine != tree) return;
        if (state.unread >= 0) {
          badge.textContent = state.unread || "";
          launcher.setAttribute("aria-label", state.unread ? `${label}, ${state.unread} unread` : label);
        }
        if (state.open === true) open();
        if (state.open === false) close();
      };
      wait.hidden = true;
      try {
        handle = widget.mount(mine, { ...settings, base, config, open: panel.open, onState });
      } catch (error) {
        died(mine, error);
      }
    };

    // A phone's keyboard covers the page without telling the layout.
    const fit = () => {
      panel.style.setProperty("--l-height", visualViewport.height + "px");
      panel.style.setProperty("--l-top", visualViewport.offsetTop + "px");
    };

    const show = (expanded, shape) => {
      launcher.setAttribute("aria-expanded", expanded);
      icon.setAttribute("d", shape);
    };

    const open = () => {
      if (destroyed || panel.open) return;
      // Full screen on a phone: nothing behind it may be reached.
      if (matchMedia("(max-width:480px)").matches) panel.showModal();
      else panel.show();
      show(true, CROSS);
      if (handle) {
        tell("open");
        // Who is there may have changed since.
        ask().then((answer) => answer.json()).then(({ staffed }) => tell("staffed", staffed), () => {});
      } else load();
    };

    const close = () => {
      if (!panel.open) return;
      const hadFocus = shadow.activeElement;
      panel.close();
      // A page that closes us by its own code keeps its focus.
      if (hadFocus) launcher.focus();
    };

    const toggle = () => (panel.open ? close() : open());

    const destroy = () => {
      if (destroyed) return;
      tell("destroy");
      destroyed = 1;
      handle = 0;
      life.abort();
      host.remove();
    };

    /** What a page may call. Nothing here throws, before or after `destroy`. */
    const commands = { open, close, toggle, destroy };
    const api = { push: safely(([command]) => commands[command]?.()) };
    for (const name in commands) api[name] = safely(commands[name]);

    const begin = safely(() => {
      // The same tag twice, or a page that brings its scripts in again: one launcher.
      for (const other of document.querySelectorAll("front-desk")) {
        if (other.getAttribute("site") == site) return;
      }
      host.setAttribute("site", site);
      document.body.append(host);

      launcher.onclick = toggle;
      // A handler that gives false takes the key away: nothing could be typed.
      panel.onkeydown = (event) => {
        if (event.key == "Escape" && !event.isComposing) close();
      };
      // However it was closed: our button, Escape, or a phone's way back.
      panel.onclose = () => {
        show(false, CHAT);
        tell("close");
      };
      const { signal } = life;
      visualViewport.addEventListener("resize", fit, { signal });
      visualViewport.addEventListener("scroll", fit, { signal });
      // A panic is a trap, and so is memory or stack at an end. Others' WebAssembly is not ours to
      // judge, nor what is left of an instance that is dead already.
      const judge = ({ error, reason = error }) => {
        if (reason instanceof WebAssembly.RuntimeError && reason.stack.includes(source + ":")) died(tree, reason);
      };
      addEventListener("error", judge, { signal });
      addEventListener("unhandledrejection", judge, { signal });

      const queue = window.Frontdesk;
      window.Frontdesk = api;
      if (Array.isArray(queue)) queue.forEach(api.push);
      if ("open" in settings) open();
      try {
        if (localStorage.getItem(`frontdesk:${site}:session`)) load();
      } catch {
        // Storage is blocked: then no chat can be running.
      }
    });

    // In the head the script may be there before the body.
    if (document.body) begin();
    else addEventListener("DOMContentLoaded", begin, { once: true });
  })();
}
