// What is asked of the service, one function for each kind of answer.
import { askJson, askText, askWithProgress, type Progress } from "../shared/ask";
import { language } from "../shared/language";
import { type Places, readPlaces } from "./distances";
import { bodyOf, type Page, shapeOf, type Station } from "./page";
import { coverageParameters, hoursParameters, stationParameters } from "./question";
import type { AuditAnswer, ByHourAnswer, CoverageAnswer, GapAnswer, ShapeAnswer, Standard, WhatIfAnswer } from "./types";

type Tell = (now: Progress) => void;
export type Match = "sure" | "perhaps" | "not";
export const MOST_STATIONS = 10_000;

/** Coverage of the question, before and after the changes. */
export async function askCoverage(page: Page, signal: AbortSignal, tell: Tell): Promise<{ before: CoverageAnswer | null; after: CoverageAnswer }> {
  const answer = await askWithProgress<CoverageAnswer | WhatIfAnswer>({
    path: "/v1/coverage", query: coverageParameters(page.question, language()), body: bodyOf(page), signal,
  }, tell);
  return "after" in answer ? answer : { before: null, after: answer };
}

/** What the map draws: areas, or each place, before or after the changes. */
export function askShapes(page: Page, signal: AbortSignal): Promise<ShapeAnswer> {
  const query = { ...coverageParameters(page.question, language()), f: "geojson", shape: shapeOf(page) };
  return askJson<ShapeAnswer>({ path: "/v1/coverage", query, body: bodyOf(page, page.moment === "after"), signal });
}

/** The places with their distances. */
export async function askPlaces(page: Page, signal: AbortSignal): Promise<Places> {
  const query = { ...coverageParameters(page.question, language()), f: "csv", table: "cells" };
  return readPlaces(await askText({ path: "/v1/coverage", query, body: bodyOf(page), signal }));
}

/** Coverage by the hour. */
export function askHours(page: Page, signal: AbortSignal, tell: Tell): Promise<ByHourAnswer> {
  return askWithProgress<ByHourAnswer>({
    path: "/v1/coverage/by-hour", query: hoursParameters(page.question, language()), body: bodyOf(page), signal,
  }, tell);
}

/** The parameters of the gaps. */
export function gapParameters(page: Page): Record<string, string> {
  return { ...coverageParameters(page.question, language()), covered_from: page.coveredFrom, limit: "20" };
}

/** The largest gaps with their outlines. */
export function askGaps(page: Page, signal: AbortSignal, tell: Tell): Promise<GapAnswer> {
  return askWithProgress<GapAnswer>({
    path: "/v1/coverage/gaps", query: { ...gapParameters(page), f: "geojson" }, body: bodyOf(page), signal,
  }, tell);
}

/** The parameters of the audit. */
export function auditParameters({ standard, question: { hosts, districts } }: Page): Record<string, string> {
  return {
    standard, lang: language(),
    ...(hosts.length > 0 ? { hosts: hosts.join(",") } : {}),
    ...(districts.length > 0 ? { district: districts.join(",") } : {}),
  };
}

/** The audit of the stations against the chosen standard. */
export function askAudit(page: Page, signal: AbortSignal): Promise<AuditAnswer> {
  return askJson<AuditAnswer>({ path: "/v1/audit", query: { ...auditParameters(page), limit: "10000", f: "json" }, signal });
}

/** All standards. */
export async function askStandards(signal: AbortSignal): Promise<Standard[]> {
  return (await askJson<{ standards: Standard[] }>({ path: "/v1/standards", query: {}, signal })).standards;
}

/** The outlines of the districts. */
export function askDistricts(signal: AbortSignal): Promise<GeoJSON.FeatureCollection> {
  return askJson<GeoJSON.FeatureCollection>({ path: "/v1/districts", query: {}, signal });
}

interface Items {
  numberMatched: number;
  features: { id: string; geometry: { coordinates: [number, number] }; properties: { name: string; status: string; hours: string | null; synthetic: boolean | null } }[];
}

/** The stations of the register, at most ten thousand of them, and how many there are. */
export async function askStations(signal: AbortSignal): Promise<{ stations: Station[]; all: number; synthetic: boolean }> {
  const query = { fields: "name,status,hours,synthetic", limit: String(MOST_STATIONS) };
  const { features, numberMatched } = await askJson<Items>({ path: "/v1/collections/stations/items", query, signal });
  const stations = features.map(({ id, geometry: { coordinates: [lon, lat] }, properties: { name, status, hours } }) =>
    ({ id, name, lon, lat, status, hours }));
  return { stations, all: numberMatched, synthetic: features.some(({ properties }) => properties.synthetic === true) };
}

/** Which stations match the question, surely or perhaps; the others do not. `at` is the moment as the service understood it. */
export async function askMatches(page: Page, at: string | null, signal: AbortSignal): Promise<Map<string, Match>> {
  const ids = async (withUnknown: boolean) => (await askJson<Items>({
    path: "/v1/collections/stations/items", query: stationParameters(page.question, at, withUnknown), signal,
  })).features.map(({ id }) => id);
  const [perhaps, sure] = await Promise.all([ids(true), ids(false)]);
  return new Map([...perhaps.map((id) => [id, "perhaps"] as const), ...sure.map((id) => [id, "sure"] as const)]);
}
