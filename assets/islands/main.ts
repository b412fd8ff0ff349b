// The few islands (页面增强). Every page works without them; they make the work quicker.
import { bulk } from "./bulk";
import { fold } from "./fold";
import { handOver } from "./hand_over";
import { keys } from "./keys";
import { once } from "./once";
import { pair } from "./pair";
import { palette } from "./palette";
import { paste } from "./paste";
import { progress } from "./progress";
import { spot } from "./spot";
import { wall } from "./wall";

once();
handOver();
keys();
palette();
bulk();
fold();
paste();
pair();
progress();
spot();
wall();
const summary = document.getElementById("error-summary");
if (summary) summary.focus();
