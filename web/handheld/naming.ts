/** How a find is called on screen: its class and where it is. */
import { computed } from 'vue'
import { useWording } from '@desk/wording'
import type { Find, Named } from './filing'
import { areas, classes } from './store'

export function useNaming() {
  const { t, nameOf } = useWording()
  const names = computed(() => new Map(classes.value.map((item) => [`${item.kind}/${item.code}`, item.name])))
  const places = computed(() => new Map(areas.value.map((area) => [area.code, area.name])))

  const className = (key: string): string => nameOf(names.value.get(key)) || key.split('/')[1] || t('case.noClass')
  function whereOf({ where }: Find): string {
    if (where.address.trim()) return where.address.trim()
    if (where.areaCode) return nameOf(places.value.get(where.areaCode)) || where.areaCode
    return where.place ? `${where.place.lat.toFixed(5)}, ${where.place.lon.toFixed(5)}` : t('case.placeUnknown')
  }
  const named = (find: Find): Named => ({ what: className(find.classKey), where: whereOf(find) })
  return { className, whereOf, named }
}
