// Short names for the shapes of the service's answers; the shapes themselves are generated from openapi.yaml.
import type { components } from "../api";

type Schemas = components["schemas"];

export type Facility = Schemas["Facility"];
export type FacilityState = Schemas["FacilityState"];
export type Datum = Schemas["Datum"];
export type Mode = Schemas["Mode"];
export type OpenState = Schemas["OpenState"];
export type NearestAnswer = Schemas["NearestCollection"];
export type NearestFeature = Schemas["NearestFeature"];
export type ItemsAnswer = Schemas["StationCollection"];
export type Problem = Schemas["Problem"];
