// @ts-check
// The last lines of the worker's text: who speaks with whom.
import { makeWorkshop } from "./workshop.js";

const workshop = makeWorkshop((message) => postMessage(message));
addEventListener("message", (event) => workshop.receive(event.data));
