import { createRouter, createWebHistory } from 'vue-router'
import { unpickAll } from './store/picked'
import CommandView from './views/CommandView.vue'

export const router = createRouter({
  history: createWebHistory('/desk/'),
  routes: [
    { path: '/', name: 'command', component: CommandView },
    // Every view of the queue has an address: /queue/overdue?q=…
    { path: '/queue/:tab', name: 'queue', component: CommandView },
    // So has every case, by its id or the number that people say; the list beside it is in the query.
    { path: '/cases/:id', name: 'case', component: CommandView },
    { path: '/supervision', name: 'supervision', component: () => import('./views/SupervisionView.vue') },
    { path: '/supervision/:id', name: 'supervised-case', component: () => import('./views/SupervisionView.vue') },
    { path: '/brief/:date?', name: 'brief', component: () => import('./views/BriefView.vue') },
    { path: '/my-tasks', name: 'my-tasks', component: () => import('./views/MyTasksView.vue') },
    { path: '/my-tasks/settle', name: 'settle', component: () => import('./views/SettleView.vue') },
    { path: '/:rest(.*)*', redirect: { name: 'command' } },
  ],
})

// What was picked belongs to the list it was picked in.
router.beforeEach((to, from) => {
  const list = (route: typeof to) => `${String(route.params.tab ?? route.query.tab ?? '')}?${String(route.query.q ?? '')}`
  if (list(to) !== list(from)) unpickAll()
})
