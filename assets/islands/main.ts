// The few islands (页面增强). Every page works without them; they make the work quicker.
import { keys } from "./keys";
import { once } from "./once";
import { progress } from "./progress";
import { paste } from "./paste";
import { bulk } from "./bulk";

once();
keys();
bulk();
paste();
progress();
const summary = document.getElementById("error-summary");
if (summary) summary.focus();
