// A token as the service tells it to administrators.
import type { Me } from "../session";

/** Whose it is, what it may do, until when, and whether it is still good; its secret is not among it. */
export interface Token extends Me { revoked_at: string | null; state: "good" | "expired" | "revoked" }
