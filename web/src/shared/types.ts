// Short names for the shapes of the service's answers; the shapes themselves are generated from openapi.yaml.
import type { components } from "../api";

type Schemas = components["schemas"];

export type Facility = Schemas["Facility"];
export type FacilityState = Schemas["FacilityState"];
export type Datum = Schemas["Datum"];
export type Mode = Schemas["Mode"];
export type Host = Schemas["Host"];
export type Audience = Schemas["Audience"];
export type Status = Schemas["Status"];
export type OpenState = Schemas["OpenState"];
export type ItemsAnswer = Schemas["StationCollection"];
export type Problem = Schemas["Problem"];
/** A problem as it came, of which nothing is sure to be there. */
export type Told = Partial<Problem> & Record<string, unknown>;
export type Settings = Schemas["Settings"];
export type Timetable = Schemas["Timetable"];
export type TimetableDay = Schemas["TimetableDay"];
export type TimetableSpan = Schemas["TimetableSpan"];
export type ChangesPage = Schemas["ChangesPage"];
export type MapLinks = Schemas["MapLinks"];
export type Ticket = Schemas["Ticket"];
export type TicketState = Schemas["TicketState"];
export type ReportKind = Schemas["ReportKind"];
export type TicketsPage = Schemas["TicketsPage"];
export type Feed = Schemas["Feed"];
export type FeedOutcome = NonNullable<Schemas["FeedOutcome"]>;
export type Token = Schemas["Token"];

/** A station with where it is from the traveller: near a place, or along a route. */
export interface FoundFeature {
  type: "Feature";
  id: string;
  geometry: Schemas["Point"];
  properties: Schemas["SearchProperties"] & { along_m?: number };
}

/** An answer of nearest or along-route; `numberMatched` and `route_length_m` are those of a route. */
export type SearchAnswer = Schemas["SearchCollection"] & {
  features: FoundFeature[];
  numberMatched?: number;
  route_length_m?: number;
};

/** A station as the register has it. In changes what is not known is left out. */
export interface StationFeature {
  type: "Feature";
  id: string;
  geometry: Schemas["Point"];
  properties: Schemas["Station"] & { links?: MapLinks };
}
