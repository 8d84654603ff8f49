// Short names for the shapes that the planner's page asks for; the shapes themselves are generated from openapi.yaml.
import type { components } from "../api";

type Schemas = components["schemas"];

export type Facility = Schemas["Facility"];
export type Host = Schemas["Host"];
export type Mode = Schemas["Mode"];
export type Status = Schemas["Status"];
export type Cover = Schemas["Cover"];
export type PlanHead = Schemas["PlanHead"];
export type CoverageAnswer = Schemas["Coverage"];
export type CoverageRow = Schemas["CoverageRow"];
export type WhatIfAnswer = Schemas["WhatIf"];
export type WeightShares = Schemas["WeightShares"];
export type GapAnswer = Schemas["GapCollection"];
export type Gap = Schemas["Gap"];
export type Remedy = Gap["remedies"][number];
export type ByHourAnswer = Schemas["ByHour"];
export type HourRow = Schemas["HourRow"];
export type AuditAnswer = Schemas["Audit"];
export type AuditStation = Schemas["AuditStation"];
export type Verdict = Schemas["Verdict"];
export type Standard = Schemas["Standard"];
export type Change = Schemas["Change"];
export type PlanBody = Schemas["PlanBody"];
export type ShapeAnswer = Schemas["AreaCollection"] | Schemas["PlaceCollection"];
