import { createRouter, createWebHistory } from 'vue-router'
import CommandView from './views/CommandView.vue'

export const router = createRouter({
  history: createWebHistory('/desk/'),
  routes: [
    { path: '/', name: 'command', component: CommandView },
    // The permanent address of a case is the same screen with that case open.
    { path: '/cases/:id', name: 'case', component: CommandView },
    { path: '/my-tasks', name: 'my-tasks', component: () => import('./views/MyTasksView.vue') },
    { path: '/:rest(.*)*', redirect: { name: 'command' } },
  ],
})
